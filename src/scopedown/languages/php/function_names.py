"""Which functions are PHP's own, by their names
(https://www.php.net/manual/en/indexes.functions.php)."""

from __future__ import annotations

import re
from typing import Final

_WRITTEN_BEGINNINGS: Final = """
    apcu array arsort base64 bc bin2 cal checkdate class collator convert crc ctype curl date datefmt debug dns dom
    easter enchant error exif extension fastcgi filter finfo forward ftp func function gc gd get gettext gmp
    grapheme gz hash header hex2 highlight hr html http iconv idate idn igbinary image imagick imap inet ini
    interface intl ip2 is iterator jd json krsort lc ldap level libxml link ll local log long2 mb md5 memory
    metaphone method mime msgpack mt mysqli net nl2 normalizer number numfmt ob oci odbc opcache openssl output pack
    parse password pcntl pg php posix preg print property quoted random readline rewind rsort sem session set sha1
    shm similar simplexml socket sodium soundex spl sqlite sqlsrv str stream strip substr sys tidy time timezone
    token trait transliterator uc unpack unserialize url use utf8 uuid var version vfprintf vprintf wddx word xml
    xmlwriter yaml zip zlib
"""
_FAMILIES: Final = re.compile(f"(?:{'|'.join(_WRITTEN_BEGINNINGS.split())})_?[a-z0-9_]*")
"""Functions by how the names of an extension's begin."""
_WRITTEN_OTHERS: Final = """
    abs acos addcslashes addslashes arsort asin asort assert atan atan2 bindec boolval ceil chdir chgrp chmod chop
    chown chr chunk_split clearstatcache closedir compact connection_status constant copy cos count crypt decbin
    dechex decoct deg2rad die disk_free_space dl doubleval each empty error_log eval exit exp explode extract fclose
    fdiv feof fflush fgetc fgetcsv fgets file floatval flock floor flush fmod fnmatch fpassthru fprintf fputcsv
    fputs fread fscanf fseek fsockopen fstat ftell ftok ftruncate fwrite gethostname gettype glob gmdate gmmktime
    hexdec implode in_array intdiv intval is_callable key key_exists krsort ksort lcfirst levenshtein list
    localeconv log lstat ltrim mail max microtime min mkdir mktime move_uploaded_file natcasesort natsort next nl2br
    nl_langinfo ob_start octdec openlog ord parse_str phpversion pi pow prev print printf putenv quotemeta rad2deg
    rand range rawurldecode rawurlencode readdir readlink rename restore_error_handler restore_exception_handler
    rmdir round rsort rtrim scandir serialize set_error_handler set_exception_handler settype shuffle sin sleep sort
    sprintf sqrt srand stat strrev strtotime strtr symlink syslog tan tempnam tmpfile touch trigger_error trim
    uasort ucwords uksort umask uniqid unset usleep usort var_dump vsprintf wordwrap
"""
_OTHERS: Final = frozenset(_WRITTEN_OTHERS.split())


def is_own(name: str) -> bool:
    """Whether PHP has a function of the name, or may well have one.

    >>> is_own("preg_match"), is_own("make_client")
    (True, False)
    """
    return name in _OTHERS or _FAMILIES.fullmatch(name) is not None
