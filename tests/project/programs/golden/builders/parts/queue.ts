const id = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}Queue`;

export const queueArn = (name: string) => ({ 'Fn::GetAtt': [id(name), 'Arn'] });

export const queue = (name: string, { fifo = name.endsWith('s') } = {}) => {
  const dead = { [`${id(name)}Dead`]: { Type: 'AWS::SQS::Queue' } };
  const suffix = fifo ? '.fifo' : '';
  return {
    ...dead,
    [id(name)]: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: `\${self:service}-${name}${suffix}`, ...(fifo && { FifoQueue: true }) },
    },
  };
};
