/** What is wrong with a configuration: each problem with its place, in plain words, and what to write instead. */

import { isNamed } from '../conformance/config.js';
import type { Operation } from '../openapi/contract.js';
import type { ContractProblem, Location } from '../openapi/contract-error.js';
import type { SchemaError } from '../openapi/document/structure.js';
import { nearestPath } from '../openapi/http/path.js';
import { asObject, type Json, pointedTo, pointerTo } from '../openapi/json.js';
import { schemaCheck } from '../openapi/schema/schema.js';
import { configSchema, settingNames } from './config-schema.js';

/** The names that a configuration may set something for. */
export type KnownNames = {
  readonly checks: readonly string[];
  /** Undefined: the contract is not known here, and any operation may be named. */
  readonly operations?: readonly Operation[] | undefined;
};

/** A configuration as it stands in its file: the value, and where each part of it is. */
export type ConfigSource = { readonly value: Json; readonly at: (pointer: string) => Location };

/** Every problem of a configuration; none when it is good. */
export function configProblems(source: ConfigSource, known: KnownNames): ContractProblem[] {
  return [
    ...schemaProblems(source),
    ...levelProblems(source, '/checks', known.checks),
    ...operationProblems(source, known),
  ];
}

let check: ReturnType<typeof schemaCheck> | undefined;

function schemaProblems({ value, at }: ConfigSource): ContractProblem[] {
  check ??= schemaCheck(configSchema);
  const told = new Map<string, ContractProblem>();
  for (const error of check(value).filter(
    ({ propertyName, keyword }) => propertyName === undefined || keyword === 'propertyNames',
  )) {
    const pointer = pointerOf(error);
    const { what, fix } = words(error, pointedTo(value, pointer));
    if (!told.has(pointer)) told.set(pointer, { code: 'invalid-document', what, fix, location: at(pointer) });
  }
  return [...told.values()];
}

function pointerOf({ instancePath, params }: SchemaError): string {
  const member = params.additionalProperty ?? params.propertyName;
  return typeof member === 'string' ? pointerTo(instancePath, member) : instancePath;
}

type Wording = { readonly what: string; readonly fix: string };

/** Settings whose values may not be shown: fields, and the password of a proxy. */
const mayBeSecret = /^\/(?:headers|inputs|proxy)\b/;

function words(
  { instancePath, keyword, params, message = '' }: SchemaError,
  value: Json | undefined,
): Wording {
  const setting = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  const shown = mayBeSecret.test(instancePath) ? `a ${kindOf(value)}` : shortened(JSON.stringify(value));
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    const names = instancePath === '' ? settingNames : ['checks'];
    const within = instancePath === '' ? '' : ` of ${setting}`;
    return { what: `there is no setting "${name}"${within}`, fix: meant(name, names) };
  }
  if (keyword === 'propertyNames') {
    return { what: `"${params.propertyName}" is no name of a field`, fix: 'Write letters, digits and `-`' };
  }
  if (instancePath === '') {
    return { what: 'a configuration must be an object', fix: 'Write settings by their names' };
  }
  if (keyword === 'enum' && Array.isArray(params.allowedValues)) {
    return { what: `${setting} cannot be ${shown}`, fix: `Write one of: ${params.allowedValues.join(', ')}` };
  }
  if (keyword === 'type') {
    const types = [params.type].flat().join(', or ').replace('boolean', 'true or false');
    return { what: `${setting} cannot be ${shown}`, fix: `It is of type ${types}` };
  }
  if (instancePath.startsWith('/headers/') && keyword === 'pattern') {
    return { what: `${setting} has a line end in it`, fix: 'Write one line' };
  }
  if (setting === 'proxy') return { what: 'this is no address of a proxy', fix: 'Write http://host:port' };
  return { what: `${setting} cannot be ${shown}`, fix: `It ${message}` };
}

/** Names of checks that there are not. `pointer` is that of the levels. */
function levelProblems(
  { value, at }: ConfigSource,
  pointer: string,
  known: readonly string[],
): ContractProblem[] {
  return Object.keys(asObject(pointedTo(value, pointer)))
    .filter((name) => !known.includes(name))
    .map((name) => ({
      code: 'invalid-document',
      what: `there is no check "${name}"`,
      fix: meant(name, known),
      location: at(pointerTo(pointer, name)),
    }));
}

function operationProblems(source: ConfigSource, { checks, operations }: KnownNames): ContractProblem[] {
  const named = Object.keys(asObject(pointedTo(source.value, '/operations')));
  return named.flatMap((name) => {
    const pointer = pointerTo('/operations', name);
    const levels = levelProblems(source, `${pointer}/checks`, checks);
    if (operations === undefined || operations.some((operation) => isNamed(operation, name))) return levels;
    const names = operations.flatMap(({ id, method, path }) => [...new Set([id, `${method} ${path}`])]);
    const what = `the contract has no operation "${name}"`;
    const fix = meant(
      name,
      names,
      operations.map(({ id }) => id),
    );
    return [{ code: 'invalid-document', what, fix, location: source.at(pointer) } as const, ...levels];
  });
}

function meant(name: string, known: readonly string[], listed: readonly string[] = known): string {
  const nearest = nearestPath(name, known);
  return nearest === undefined ? `Write one of: ${listed.join(', ')}` : `Write "${nearest}"`;
}

function kindOf(value: Json | undefined): string {
  if (Array.isArray(value)) return 'list';
  return value === null ? 'null' : typeof value;
}

function shortened(text = 'nothing'): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
