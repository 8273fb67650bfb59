export const handlerPath = (folder: string) => {
  return `${folder.split(process.cwd())[1].substring(1).replace(/\\/g, '/')}`;
};
