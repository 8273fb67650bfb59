import { generateAuthToken } from "aws-msk-iam-sasl-signer-js";

const oauthBearerTokenProvider = async (region) => {
  const { token } = await generateAuthToken({ region }); //? kafka-cluster.Connect
  return { value: token };
};

export const handler = async () => oauthBearerTokenProvider("eu-west-1");
