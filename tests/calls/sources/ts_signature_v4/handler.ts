import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';

const endpoint = new URL(process.env.GRAPHQL_ENDPOINT as string);

interface Mutation {
  query: string;
  variables: Record<string, unknown>;
}

class SignedClient {
  private readonly signer: SignatureV4;

  constructor(service: string, private readonly url: URL) {
    this.signer = new SignatureV4({
      credentials: defaultProvider(),
      region: process.env.AWS_REGION ?? 'eu-west-1',
      service,
      sha256: Sha256,
    });
  }

  async post(path: string, body: unknown): Promise<unknown> {
    const request = new HttpRequest({
      method: 'POST',
      hostname: this.url.host,
      path,
      headers: { 'Content-Type': 'application/json', host: this.url.host },
      body: JSON.stringify(body),
    });
    const signed = await this.signer.sign(request); //? appsync.GraphQL & opensearchserverless.APIAccessAll url=a1.eu-west-1.aoss.amazonaws.com/books/_bulk
    const response = await fetch(`https://${signed.hostname}${path}`, signed);
    return response.json();
  }
}

const graph = new SignedClient('appsync', endpoint);
const documents = new SignedClient('aoss', new URL('https://a1.eu-west-1.aoss.amazonaws.com'));
const foreign = new SignatureV4({
  credentials: fromTemporaryCredentials({ params: { RoleArn: process.env.ROLE, RoleSessionName: 'x' } }), //? sts.AssumeRole RoleArn=env:ROLE
  region: 'eu-west-1',
  service: 'execute-api',
  sha256: Sha256,
});

export const handler = async (event: Mutation): Promise<unknown> => {
  await documents.post('/books/_bulk', event);
  await foreign.presign({ method: 'GET', protocol: 'wss:', hostname: 'z9.execute-api.eu-west-1.amazonaws.com', path: '/live', headers: {} }); //? execute-api.Invoke method=GET url=z9.execute-api.eu-west-1.amazonaws.com/live
  return graph.post(endpoint.pathname, event);
};
