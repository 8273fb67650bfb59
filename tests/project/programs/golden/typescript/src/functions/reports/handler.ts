export const main = async () => undefined;
