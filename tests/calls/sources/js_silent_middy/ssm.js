module.exports = ({ fetchData }) => ({
  before: async ({ context }) => {
    Object.assign(context, fetchData);
  },
});
