#!/bin/sh
# Stands where cdk looks for Docker (CDK_DOCKER): images of assets are neither built nor pushed, as though they were there.
# What bundles assets at synthesis is Docker's own, or that of the user's program ($SCOPEDOWN_DOCKER).
case " $* " in
  *" login "*) cat > /dev/null; exit 0 ;;
  *" push "* | *cdkasset-*) exit 0 ;;
esac
exec "${SCOPEDOWN_DOCKER:-docker}" "$@"
