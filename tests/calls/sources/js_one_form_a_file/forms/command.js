const kms = require('@aws-sdk/client-kms');
const client = new kms.KMSClient({});
const commands = { encrypt: kms.EncryptCommand, decrypt: kms.DecryptCommand };
const make = (name, input) => new commands[name](input);

exports.run = async () => {
  await client.send(make('encrypt', { KeyId: 'alias/a', Plaintext: '' })); //? kms.Encrypt KeyId=alias/a
};
