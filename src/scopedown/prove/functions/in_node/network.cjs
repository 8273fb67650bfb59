// The network of a function under proof. Loaded before everything else, in every Node process that the function starts.
//
// In: SCOPEDOWN_PROVE (the path of a JSON file): `guard` {host, port} and `refused` (a file). Out: connections to AWS's
// own names reach the guard, with the host's name unchanged, without TLS; every other host is refused at once and
// written to `refused`, one a line. Why here: SDK version 2 and releases of version 3 before 2023-09 do not know
// AWS_ENDPOINT_URL, and code may name an endpoint of its own.
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');
const dns = require('node:dns');
const dgram = require('node:dgram');
const Module = require('node:module');

const { guard, refused } = JSON.parse(fs.readFileSync(process.env.SCOPEDOWN_PROVE, 'utf8'));
const OF_AWS = /(^|\.)(amazonaws\.com|amazonaws\.com\.cn|api\.aws|on\.aws)$/i;
const isOfAws = (host) => OF_AWS.test(host) || host.endsWith(`.${guard.host}`);
const isLocal = (host) => ['localhost', '127.0.0.1', '::1', '0.0.0.0', '::', ''].includes(host);

function refusal(host, port) {
  const name = port ? `${host}:${port}` : host;
  fs.appendFileSync(refused, `${name}\n`);
  const error = new Error(`scopedown prove: no network: ${name}`);
  return Object.assign(error, { code: 'ECONNREFUSED', errno: -111, syscall: 'connect', address: host, port });
}

// A TCP connection: every one in Node, those of TLS, HTTP and fetch too, comes through here.
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  const [options] = Array.isArray(given[0]) ? given[0] : net._normalizeArgs(given);
  const callback = Array.isArray(given[0]) ? given[0][1] : net._normalizeArgs(given)[1];
  const host = String(options.host || 'localhost');
  const port = Number(options.port);
  const toGuard = { host: guard.host, port: guard.port };
  if (!options.path) {
    if (isLocal(host) && port === guard.port) return connect.call(this, toGuard, callback || undefined);
    if (isOfAws(host) && (port === 443 || port === 80)) return connect.call(this, toGuard, callback || undefined);
  }
  const error = refusal(options.path || host, options.path ? 0 : port);
  process.nextTick(() => this.destroy(error));
  return this;
};

// TLS to AWS: a plain connection to the guard that looks like a secure one.
const secure = tls.connect;
tls.connect = function (...given) {
  const [options, callback] = net._normalizeArgs(given);
  const all = typeof given[1] === 'object' && given[1] ? { ...given[1], ...options } : options;
  const more = typeof given[2] === 'object' && given[2] ? given[2] : {};
  const asked = { ...all, ...more };
  const host = String(asked.host || asked.servername || 'localhost');
  const port = Number(asked.port || 443);
  if (asked.path || asked.socket || !isOfAws(host) || port !== 443) return secure.apply(tls, given);
  const socket = new net.Socket({ allowHalfOpen: false });
  Object.assign(socket, {
    encrypted: true, authorized: true, servername: host, alpnProtocol: false, secureConnecting: true,
    getPeerCertificate: () => ({ subject: { CN: host } }), getSession: () => undefined, isSessionReused: () => false,
    setServername: () => {}, setSession: () => {}, getProtocol: () => 'TLSv1.3', getCipher: () => ({}),
    getFinished: () => undefined, getPeerX509Certificate: () => undefined, disableRenegotiation: () => {},
  });
  if (callback) socket.once('secureConnect', callback);
  socket.once('connect', () => {
    socket.secureConnecting = false;
    socket.emit('secureConnect');
  });
  socket.connect({ host, port });
  return socket;
};

// Names: what asks DNS by itself (MongoDB's SRV records, for instance) is told no as well.
const lookup = dns.lookup;
const noName = (host) =>
  Object.assign(refusal(host), { code: 'ENOTFOUND', errno: -3008, syscall: 'queryA', hostname: host });
function answer(host, options) {
  const one = { address: isLocal(host) || isOfAws(host) ? guard.host : '', family: 4 };
  return options && options.all ? [one] : one;
}
dns.lookup = function (host, options, callback) {
  const done = typeof options === 'function' ? options : callback;
  const how = typeof options === 'object' ? options : {};
  if (net.isIP(host)) return lookup.call(dns, host, options, callback);
  process.nextTick(() => {
    if (!isLocal(host) && !isOfAws(host)) return done(noName(host));
    const found = answer(host, how);
    return how.all ? done(null, found) : done(null, found.address, found.family);
  });
  return {};
};
dns.promises.lookup = async (host, options) => {
  if (net.isIP(host)) return { address: host, family: net.isIP(host) };
  if (!isLocal(host) && !isOfAws(host)) throw noName(host);
  return answer(host, options);
};
for (const where of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of Object.getOwnPropertyNames(where)) {
    if (!/^(resolve|reverse)/.test(name)) continue;
    const isPromise = where === dns.promises || where === dns.promises.Resolver.prototype;
    where[name] = isPromise
      ? async (host) => { throw noName(host); }
      : (host, ...rest) => process.nextTick(rest[rest.length - 1], noName(host));
  }
}

// Datagrams (statsd, X-Ray's daemon): nobody waits for an answer, so they are dropped; a host elsewhere is named.
dgram.Socket.prototype.send = function (...given) {
  const callback = given.find((one) => typeof one === 'function');
  const host = given.slice(1).find((one) => typeof one === 'string');
  if (host && !isLocal(host)) refusal(host, given.find((one, at) => at && typeof one === 'number' && one > 0));
  if (callback) process.nextTick(callback, null, 0);
};

// HTTP/2, which some clients of SDK version 3 speak by default (Kinesis, Bedrock) and the local AWS does not: they get
// the SDK's own handler for HTTP/1.1.
const compile = Module.prototype._compile;
Module.prototype._compile = function (text, file, ...rest) {
  const result = compile.call(this, text, file, ...rest);
  if (/[\\/]node-http-handler[\\/]dist-cjs[\\/]index\.js$/.test(file) && this.exports.NodeHttp2Handler) {
    this.exports = { ...this.exports, NodeHttp2Handler: this.exports.NodeHttpHandler };
  }
  return result;
};

Module.syncBuiltinESMExports();
