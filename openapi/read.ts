/** Documents that are known to be well-formed into the model that everything else works on. */

import path from 'node:path';
import type { OpenAPIObject } from 'openapi3-ts/oas31';
import type {
  Contract,
  InitialState,
  Operation,
  Parameter,
  PathItem,
  SecurityRequirement,
  SecurityScheme,
} from './contract.js';
import type { Dialect } from './dialect.js';
import { type Documents, locationOf, type Place, placeIn } from './documents.js';
import { createGenerator } from './generate.js';
import { immutable, isObject, type Json } from './json.js';
import { compilePaths } from './path.js';
import { reasonFor } from './provenance.js';
import { readParameter, readRequestBody, readResponse } from './read-messages.js';
import { type Reader, readerAt } from './reader.js';
import { readTransitions, readValue } from './rules.js';
import { createSchemas } from './schema.js';
import { createDescriber } from './sites.js';
import { createVariants } from './variants.js';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Reads the model of a contract, of which nothing is wrong. */
export function readContract(documents: Documents): Contract {
  const root = readerAt(documents, { file: documents.root, pointer: '' });
  const dialect: Dialect = root.text('openapi')?.startsWith('3.0') ? '3.0' : '3.1';
  const schemes = new Map(
    root
      .member('components')
      ?.members('securitySchemes')
      .map(([name, scheme]) => [name, readScheme(documents, name, scheme)]),
  );
  const pathItems = root.members('paths').map(([template, item]): readonly [string, PathItem] => {
    const operations = methods.flatMap((method) => {
      const operation = item.member(method);
      return operation === undefined
        ? []
        : [readOperation(documents, root, schemes, template, method, item, operation)];
    });
    const byMethod = new Map(operations.map((operation) => [operation.method, operation]));
    return [template, { template, operations: byMethod }];
  });
  const info = root.member('info');
  const schemas = createSchemas(documents, dialect);
  return immutable({
    name: nameOf(documents.root),
    title: info?.text('title') ?? '',
    version: info?.text('version') ?? '',
    description: info?.text('description'),
    files: [...documents.sources.keys()],
    documents,
    document: rootDocument(root.node.value),
    servers: root.members('servers').map(([, server]) => serverUrl(server)),
    operations: pathItems.flatMap(([, item]) => [...item.operations.values()]),
    securitySchemes: [...schemes.values()],
    initialState: readInitialState(documents, root),
    schemas,
    generate: createGenerator(documents, dialect, schemas),
    variants: createVariants(documents, dialect, schemas),
    describe: createDescriber(documents, dialect, schemas),
    reasonFor: (at: Place) => reasonFor(documents, at),
    match: compilePaths(pathItems),
    locate: (at: Place) => locationOf(documents, at),
  });
}

function readOperation(
  documents: Documents,
  root: Reader,
  schemes: ReadonlyMap<string, SecurityScheme>,
  template: string,
  method: string,
  item: Reader,
  operation: Reader,
): Operation {
  const own = operation.members('parameters').map(([, parameter]) => readParameter(documents, parameter));
  const shared = item.members('parameters').map(([, parameter]) => readParameter(documents, parameter));
  const isOverridden = (parameter: Parameter) =>
    own.some(({ name, in: location }) => name === parameter.name && location === parameter.in);
  const body = operation.member('requestBody');
  const security =
    operation.member('security') === undefined ? root.members('security') : operation.members('security');
  return {
    id: operation.text('operationId') ?? `${method.toUpperCase()} ${template}`,
    method: method.toUpperCase(),
    path: template,
    summary: operation.text('summary'),
    tags: operation
      .members('tags')
      .flatMap(([, tag]) => (typeof tag.node.value === 'string' ? [tag.node.value] : [])),
    deprecated: operation.flag('deprecated'),
    parameters: [...shared.filter((parameter) => !isOverridden(parameter)), ...own],
    requestBody: body === undefined ? undefined : readRequestBody(documents, body),
    responses: operation
      .members('responses')
      .filter(([status]) => !status.startsWith('x-'))
      .map(([status, response]) => readResponse(documents, status, response)),
    security: security.map(([, requirement]) => readRequirement(requirement, schemes)),
    transitions: readTransitions(documents, operation.member('x-transitions')?.node),
    at: operation.node.at,
  };
}

function readRequirement(
  requirement: Reader,
  schemes: ReadonlyMap<string, SecurityScheme>,
): SecurityRequirement {
  const names = isObject(requirement.node.value) ? Object.keys(requirement.node.value) : [];
  return names.flatMap((name) => {
    const scheme = schemes.get(name);
    const scopes = requirement
      .members(name)
      .flatMap(([, scope]) => (typeof scope.node.value === 'string' ? [scope.node.value] : []));
    return scheme === undefined ? [] : [{ scheme, scopes }];
  });
}

function readScheme(documents: Documents, name: string, scheme: Reader): SecurityScheme {
  const transitions = readTransitions(documents, scheme.member('x-transitions')?.node);
  return { name, carrier: readCarrier(scheme), transitions, at: scheme.node.at };
}

function readCarrier(scheme: Reader): SecurityScheme['carrier'] {
  switch (scheme.text('type')) {
    case 'http':
      return { kind: 'http', scheme: (scheme.text('scheme') ?? '').toLowerCase() };
    case 'apiKey': {
      const where = scheme.text('in');
      const location = where === 'query' || where === 'cookie' ? where : 'header';
      return { kind: 'apiKey', in: location, parameter: scheme.text('name') ?? '' };
    }
    case 'mutualTLS':
      return { kind: 'mutualTLS' };
    case 'openIdConnect':
      return { kind: 'openIdConnect' };
    default:
      return { kind: 'oauth2' };
  }
}

function readInitialState(documents: Documents, root: Reader): InitialState {
  return new Map(
    root.members('x-state').map(([collection, entries]) => {
      const records = isObject(entries.node.value) ? Object.entries(entries.node.value) : [];
      return [
        collection,
        new Map(
          records.map(([key, record]) => [key, readValue(documents, record, placeIn(entries.node.at, key))]),
        ),
      ];
    }),
  );
}

/** A server's URL with the default values of its variables (OpenAPI 3.1, 4.8.5). */
function serverUrl(server: Reader): string {
  const variables = new Map(server.members('variables'));
  return (server.text('url') ?? '/').replace(
    /\{([^}]+)\}/g,
    (whole, name: string) => variables.get(name)?.text('default') ?? whole,
  );
}

function nameOf(file: string): string {
  const base = path.basename(file, path.extname(file));
  return base === 'openapi' ? path.basename(path.dirname(file)) : base;
}

/** The one place where the untyped document meets the types of the specification: validation has shown that it fits. */
function rootDocument(value: Json): OpenAPIObject {
  return value as unknown as OpenAPIObject;
}
