module.exports = (...middlewares) => (handler) => async (event, context) => {
  const run = async (index) => {
    if (index === middlewares.length) return handler(event, context);
    return middlewares[index](event, context, () => run(index + 1));
  };
  return run(0);
};
