exports.getParameter = (name) => ({ Value: name });
