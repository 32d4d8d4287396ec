/** Documents that are known to be well-formed into the model that everything else works on. */

import path from 'node:path';
import type { OpenAPIObject } from 'openapi3-ts/oas31';
import type {
  Callback,
  Contract,
  InitialState,
  Operation,
  Parameter,
  PathItem,
  SecurityRequirement,
  SecurityScheme,
  Webhook,
} from './contract.js';
import type { OpenApiVersion } from './document/document-kind.js';
import { type Documents, locationOf, type Place, placeIn } from './document/documents.js';
import { type Reader, readerAt } from './document/reader.js';
import { methodMembers } from './document/slots.js';
import { createGenerator } from './generate/generate.js';
import { fitsPath } from './http/described-parameter.js';
import { compilePaths } from './http/path.js';
import { basePathsOf, serverUrl } from './http/servers.js';
import { immutable, isObject, type Json } from './json.js';
import { reasonFor } from './provenance.js';
import { readParameter, readRequestBody, readResponse } from './read-messages.js';
import { readTransitions, readValue } from './rules/rules.js';
import type { Dialect } from './schema/dialect.js';
import { createSchemas } from './schema/schema.js';
import { createDescriber } from './variants/sites.js';
import { createVariants } from './variants/variants.js';

/** Reads the model of a contract. What is wrong in it was found before, and is left out. */
export function readContract(
  documents: Documents,
  version: OpenApiVersion,
  { problems, besides }: Pick<Contract, 'problems'> & { readonly besides: readonly string[] },
): Contract {
  const root = readerAt(documents, { file: documents.root, pointer: '' });
  const dialect: Dialect = version === '3.0' ? '3.0' : '3.1';
  const schemes = new Map(
    root
      .member('components')
      ?.members('securitySchemes')
      .map(([name, scheme]) => [name, readScheme(documents, name, scheme)]),
  );
  const ids = new Set<string>();
  const pathItems = templatesOf(root).map(([template, item]): readonly [string, PathItem] => {
    const operations = readOperations(documents, root, schemes, template, item).map((operation) =>
      withOwnId(operation, ids),
    );
    const byMethod = new Map(operations.map((operation) => [operation.method, operation]));
    return [template, { template, operations: byMethod }];
  });
  const info = root.member('info');
  const schemas = createSchemas(documents, dialect);
  const match = compilePaths(pathItems, (item, parameters) => fitsPath(schemas, item, parameters));
  return immutable({
    name: nameOf(documents.root),
    title: info?.text('title') ?? '',
    version: info?.text('version') ?? '',
    description: info?.text('description'),
    files: [...documents.sources.keys(), ...besides],
    documents,
    problems,
    document: rootDocument(root.node.value),
    servers: root.members('servers').map(([, server]) => serverUrl(server)),
    basePaths: basePathsOf(root.members('servers').map(([, server]) => server)) ?? [''],
    operations: pathItems.flatMap(([, item]) => [...item.operations.values()]),
    webhooks: ['webhooks', 'x-webhooks'].flatMap((member) =>
      root.members(member).flatMap(([name, item]) => {
        const operations = readOperations(documents, root, schemes, name, item);
        return operations.map((operation): Webhook => ({ name, operation }));
      }),
    ),
    securitySchemes: [...schemes.values()],
    initialState: readInitialState(documents, root),
    schemas,
    generate: createGenerator(documents, dialect),
    variants: createVariants(documents, dialect, schemas),
    describe: createDescriber(documents, dialect, schemas),
    reasonFor: (at: Place) => reasonFor(documents, at),
    match,
    locate: (at: Place) => locationOf(documents, at),
  });
}

/** The path items by their templates; one that is written without its slash has one all the same. */
function templatesOf(root: Reader): readonly (readonly [string, Reader])[] {
  return root
    .members('paths')
    .filter(([name, item]) => !name.startsWith('x-') && isObject(item.node.value))
    .map(([name, item]) => [name.startsWith('/') ? name : `/${name}`, item]);
}

/** The operation with an id that no other has: where two have one, the second goes by its method and path. */
function withOwnId(operation: Operation, ids: Set<string>): Operation {
  const id = ids.has(operation.id) ? `${operation.method} ${operation.path}` : operation.id;
  ids.add(id);
  return id === operation.id ? operation : { ...operation, id };
}

function readOperations(
  documents: Documents,
  root: Reader,
  schemes: ReadonlyMap<string, SecurityScheme>,
  template: string,
  item: Reader,
  isCallback = false,
): readonly Operation[] {
  const fixed = methodMembers.flatMap((method) => {
    const operation = item.member(method);
    return operation === undefined ? [] : [[method.toUpperCase(), operation] as const];
  });
  return [...fixed, ...item.members('additionalOperations')].flatMap(([method, operation]) =>
    isObject(operation.node.value)
      ? [readOperation(documents, root, schemes, template, method, item, operation, isCallback)]
      : [],
  );
}

/** The callbacks of an operation, by name and URL; extensions aside. */
function readCallbacks(
  documents: Documents,
  root: Reader,
  schemes: ReadonlyMap<string, SecurityScheme>,
  operation: Reader,
): readonly Callback[] {
  return operation.members('callbacks').flatMap(([name, callback]) => {
    const urls = isObject(callback.node.value) ? Object.keys(callback.node.value) : [];
    return urls.flatMap((url): readonly Callback[] => {
      const item = url.startsWith('x-') ? undefined : callback.member(url);
      const operations = item === undefined ? [] : readOperations(documents, root, schemes, url, item, true);
      return operations.map((each) => ({ name, url, operation: each }));
    });
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
  isCallback: boolean,
): Operation {
  const own = operation.members('parameters').map(([, parameter]) => readParameter(documents, parameter));
  const shared = item.members('parameters').map(([, parameter]) => readParameter(documents, parameter));
  const isOverridden = (parameter: Parameter) =>
    own.some(({ name, in: location }) => name === parameter.name && location === parameter.in);
  const body = operation.member('requestBody');
  const security =
    operation.member('security') === undefined ? root.members('security') : operation.members('security');
  return {
    id: operation.text('operationId') ?? `${method} ${template}`,
    method,
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
    basePaths:
      basePathsOf(operation.members('servers').map(([, server]) => server)) ??
      basePathsOf(item.members('servers').map(([, server]) => server)),
    callbacks: isCallback ? [] : readCallbacks(documents, root, schemes, operation),
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

function nameOf(file: string): string {
  const base = path.basename(file, path.extname(file));
  return base === 'openapi' ? path.basename(path.dirname(file)) : base;
}

/** The one place where the untyped document meets the types of the specification: validation has shown that it fits. */
function rootDocument(value: Json): OpenAPIObject {
  return value as unknown as OpenAPIObject;
}
