exports.Table = class {
  scan() {
    return [];
  }
};
exports.Entity = class {
  get(key) {
    return key;
  }
};
