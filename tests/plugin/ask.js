// Calls a function of the plugin: {module, name, given} come in as JSON, {value} or {error, isForUser} go out.
// With {platform} the plugin takes itself to be there.
const path = require("path");
const { module: file, name, given, platform } = JSON.parse(require("fs").readFileSync(0, "utf8"));
if (platform) Object.defineProperty(process, "platform", { value: platform });
let answer;
try {
  answer = { value: require(path.join(__dirname, "..", "..", "plugin", file))[name](...given) };
} catch (error) {
  answer = { error: error.message, isForUser: Boolean(error.isForUser) };
}
process.stdout.write(JSON.stringify(answer));
