// Validates JSON files against a JSON Schema: ajv.js validate -s SCHEMA [-r SCHEMA]… -d FILE-OR-GLOB…
// -r names schemas that the first one refers to by their file names.
// A glob may stand in the last part of the path. Exits 1 if any file is not valid.
'use strict';
const fs = require('fs');
const path = require('path');

const schemas = [], referred = [], files = [];
const argv = process.argv.slice(2);
for (let i = 1; i < argv.length; i += 2) {
  if (argv[i] === '-s') schemas.push(argv[i + 1]);
  else if (argv[i] === '-r') referred.push(argv[i + 1]);
  else if (argv[i] === '-d') files.push(...expand(argv[i + 1]));
  else usage();
}
if (argv[0] !== 'validate' || schemas.length !== 1 || files.length === 0) usage();

function usage() {
  console.error('usage: ajv.js validate -s SCHEMA [-r SCHEMA]… -d FILE-OR-GLOB…');
  process.exit(2);
}

function expand(pattern) {
  if (!pattern.includes('*')) return [pattern];
  const folder = path.dirname(pattern);
  const quoted = path.basename(pattern).split('*')
      .map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp('^' + quoted.join('.*') + '$');
  return fs.readdirSync(folder).filter(name => expression.test(name)).sort()
      .map(name => path.join(folder, name));
}

const schema = JSON.parse(fs.readFileSync(schemas[0], 'utf8'));
const draft2020 = String(schema.$schema).includes('2020-12');
const Ajv = draft2020 ? require('ajv/dist/2020') : require('ajv');
const ajv = new Ajv({allErrors: true, strict: false, formats: {'idn-email': true, 'iri-reference': true}});
require('ajv-formats')(ajv);
for (const file of referred) {
  const name = new URL(path.basename(file), schema.$id || 'file:///').href;
  ajv.addSchema(JSON.parse(fs.readFileSync(file, 'utf8')), name);
}
const validate = ajv.compile(schema);
let failed = false;
for (const file of files) {
  if (validate(JSON.parse(fs.readFileSync(file, 'utf8')))) {
    console.log(`${file}: valid`);
    continue;
  }
  failed = true;
  for (const e of validate.errors)
    console.error(`${file}: ${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);
}
process.exit(failed ? 1 : 0);
