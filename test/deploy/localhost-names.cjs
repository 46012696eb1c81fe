/** Resolves `<bucket>.s3.localhost` to this machine: the command line of CDK names buckets in the host. */
const dns = require('node:dns');

const lookup = dns.lookup;
dns.lookup = (host, options, done) => {
  const [given, answer] = typeof options === 'function' ? [{}, options] : [options ?? {}, done];
  if (!/\.localhost$/.test(host)) return lookup(host, given, answer);
  return given.all ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : answer(null, '127.0.0.1', 4);
};
