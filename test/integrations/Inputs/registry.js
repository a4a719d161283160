// A registry with one package, for the time of one command: registry.js TARBALL COMMAND…
// Listens on the loopback address and tells npm so in the environment. Ends with the command's exit code.
'use strict';
const childProcess = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const path = require('path');

const [tarball, ...command] = process.argv.slice(2);
const bytes = fs.readFileSync(tarball);
const description = JSON.parse(childProcess.execFileSync('tar', ['-xzOf', tarball, 'package/package.json']));
const {name, version} = description;

const server = http.createServer((request, response) => {
  if (request.url === `/${name}`) {
    const dist = {
      tarball: `http://127.0.0.1:${server.address().port}/${name}/-/${path.basename(tarball)}`,
      integrity: 'sha512-' + crypto.createHash('sha512').update(bytes).digest('base64'),
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(
        {name, 'dist-tags': {latest: version}, versions: {[version]: {...description, dist}}}));
  } else if (request.url === `/${name}/-/${path.basename(tarball)}`) {
    response.end(bytes);
  } else {
    response.statusCode = 404;
    response.end('{}');
  }
});
server.listen(0, '127.0.0.1', () => {
  const environment = {...process.env, npm_config_registry: `http://127.0.0.1:${server.address().port}/`,
                       npm_config_audit: 'false', npm_config_fund: 'false',
                       npm_config_update_notifier: 'false'};
  const child = childProcess.spawn(command[0], command.slice(1), {stdio: 'inherit', env: environment});
  child.on('exit', code => process.exit(code === null ? 1 : code));
});
