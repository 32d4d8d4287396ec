/** What is concluded of a resource, as the state rules would say it: created, read, replaced, changed, deleted, gone. */

import type { DocumentNode, Documents } from './documents.js';
import { listTransition } from './inferred-list.js';
import {
  answerSchema,
  type Resource,
  type ResourceMethod,
  refusals,
  requestOf,
  successes,
} from './inferred-resources.js';
import {
  claimed,
  deletedOf,
  eachStatus,
  entryOf,
  free,
  type Inference,
  merged,
  picked,
  type Rule,
  recordOf,
  ruleOf,
} from './inferred-rule.js';
import { asObject, type Json, pointerTo } from './json.js';
import { fits, type Properties, propertiesOf, typesOf } from './schema-properties.js';

/** The rules of an operation of a resource, as `x-transitions` has them; empty when nothing can be said. */
export function transitionsOf(inference: Inference, method: ResourceMethod, operation: DocumentNode): Json[] {
  switch (method) {
    case 'post':
      return creating(inference, operation);
    case 'list':
      return listTransition(inference, operation);
    case 'get':
      return reading(inference, operation);
    case 'put':
    case 'patch':
      return writing(inference, method, operation);
    case 'delete':
      return deleting(inference, operation);
  }
}

function creating({ documents, resource, created }: Inference, operation: DocumentNode): Json[] {
  const { collection, path, itemPath, id, outer, parent } = resource;
  const body = requestOf(documents, operation);
  const echoed = echoes(documents, body.properties, created);
  const property = created.get(id);
  const isChosen = isWritable(body.properties.get(id));
  const made: Json = {
    $generate: property === undefined ? {} : reference(resource, property),
    unlike: collection,
  };
  const above = outer.filter((name) =>
    isSameType(documents, created.get(name), name === parent?.key ? parent.keySchema : undefined),
  );
  const fromPath = Object.fromEntries(above.map((name) => [name, `$request.path.${name}`]));
  const chosen: Json = isChosen ? { [id]: { $first: [`$request.body#${pointerTo('', id)}`, made] } } : {};
  const own: Json = isChosen ? {} : { [id]: made };
  const isShown = (status: string): boolean =>
    propertiesOf(documents, answerSchema(documents, operation, status)).has(id);
  const key = `$response.body#${pointerTo('', id)}`;
  const sent = merged({ $pick: '$response.body', like: '$request.body' }, { [id]: key });
  const reason = `the path is that of a resource: what POST ${path} creates is found at ${itemPath}`;
  const inParent: Json[] =
    parent === undefined ? [] : [{ in: parent.collection, key: `$request.path.${parent.key}` }];
  const create = (status: string): Omit<Rule, 'response'> => ({
    name: 'create',
    reason,
    guard: inParent,
    ...(isShown(status)
      ? {
          content: merged(free(picked('$request.body', echoed), fromPath, chosen), own),
          effects: [
            { put: collection, key, value: recordOf(resource, '$response.body', sent) },
            { remove: deletedOf(resource), key },
          ],
        }
      : {}),
  });
  const statuses = successes(documents, operation, 'post');
  const rules = eachStatus(resource, statuses, create);
  const [status] = statuses;
  if (parent === undefined || status === undefined) return rules;
  const unknownParent = { ...create(status), guard: [], name: 'create-in-unknown', response: status };
  return [...rules, ruleOf(resource, { ...unknownParent, unspecified: true })];
}

function reading({ documents, resource, created }: Inference, operation: DocumentNode): Json[] {
  const { collection, path, itemPath, id, key, keySchema } = resource;
  const [status] = successes(documents, operation, 'get');
  if (status === undefined) return [];
  const schema = answerSchema(documents, operation, status);
  const properties = propertiesOf(documents, schema);
  const readable = shared(documents, created, properties);
  const lasting = readable.filter((name) => name === id || isLasting(documents, created.get(name)));
  const hasId = readable.includes(id);
  const content = hasId
    ? merged(free(picked('$state.it#/shown', readable)), claimed('$state.it#/sent', lasting))
    : undefined;
  const ofPath = { [id]: `$request.path.${key}` };
  const isNamed = isSameType(documents, properties.get(id), keySchema);
  return [
    ruleOf(resource, {
      name: 'read',
      reason: `the path is that of a resource: what POST ${path} creates, GET ${itemPath} reads`,
      guard: [entryOf(resource, collection, 'it')],
      response: status,
      content,
      whole: content !== undefined,
    }),
    ...gone(documents, resource, operation, 'GET'),
    ruleOf(resource, {
      name: 'unknown',
      reason: `what nobody has created by POST ${path} may be there or not`,
      response: status,
      content: isNamed ? free(ofPath) : undefined,
      unspecified: true,
    }),
  ];
}

/** What has been deleted is not there, in the words of the operation; nothing where it has none for that. */
function gone(documents: Documents, resource: Resource, operation: DocumentNode, method: string): Json[] {
  const { itemPath, operations } = resource;
  if (!operations.has('delete')) return [];
  const guard = [entryOf(resource, deletedOf(resource))];
  const reason = `the path is that of a resource: what DELETE ${itemPath} has deleted is gone for ${method}`;
  return eachStatus(resource, refusals(documents, operation), () => ({ name: 'gone', guard, reason }));
}

function writing(inference: Inference, method: 'put' | 'patch', operation: DocumentNode): Json[] {
  const { documents, resource, created } = inference;
  const { collection, path, itemPath, id, key, keySchema } = resource;
  const { properties: sentProperties, isPlain } = requestOf(documents, operation);
  const echoed = echoes(documents, sentProperties, created).filter((name) => name !== id);
  const lasting = isPlain ? echoed.filter((name) => isLasting(documents, sentProperties.get(name))) : [];
  const kept =
    method === 'patch'
      ? [...created.keys()]
      : [...created.keys()].filter((name) => name === id || !sentProperties.has(name));
  const request = picked('$request.body', isPlain ? echoed : []);
  const path_ = isSameType(documents, created.get(id), keySchema) ? { [id]: `$request.path.${key}` } : {};
  const knownId = { [id]: `$state.it#/sent${pointerTo('', id)}` };
  const values = Object.fromEntries(lasting.map((name) => [name, `$request.body#${pointerTo('', name)}`]));
  const before = method === 'patch' ? [picked('$state.it#/sent', lasting)] : [];
  const rule = (status: string, isKnown: boolean): Pick<Rule, 'content' | 'whole' | 'effects'> => {
    const shownAs = propertiesOf(documents, answerSchema(documents, operation, status));
    const isShown = shownAs.has(id);
    const there: Json[] = isKnown ? [picked('$state.it#/shown', kept)] : [path_];
    const shownClaims = lasting.filter((name) =>
      fitsIn(documents, sentProperties.get(name), shownAs.get(name)),
    );
    const claims = isKnown ? [knownId] : [];
    const content = merged(free(...there, request), claimed('$request.body', shownClaims), ...claims);
    const shown: Json = isShown ? '$response.body' : { $merge: [{}, ...there, request] };
    const sent = { $merge: [{}, ...(isKnown ? before : []), values, isKnown ? knownId : path_] };
    const put = { put: collection, key: `$request.path.${key}`, value: recordOf(resource, shown, sent) };
    const remove = { remove: deletedOf(resource), key: `$request.path.${key}` };
    return { content: isShown ? content : undefined, whole: isShown && isKnown, effects: [put, remove] };
  };
  const statuses = successes(documents, operation, method);
  const [status] = statuses;
  const does = method === 'put' ? 'replace' : 'change';
  if (status === undefined) return [];
  const name = method.toUpperCase();
  const missing = gone(documents, resource, operation, name);
  const again = eachStatus(resource, method === 'put' && missing.length > 0 ? statuses : [], (each) => ({
    ...rule(each, false),
    name: 'put-again',
    reason: `a server may create by PUT ${itemPath} what it had deleted`,
    guard: [entryOf(resource, deletedOf(resource))],
  })).map((each) => ({ ...asObject(each), alternative: true }));
  const replaced = statuses.filter((each) => each !== '201' || statuses.length === 1);
  const newStatus = statuses.find((each) => each === '201') ?? status;
  return [
    ...eachStatus(resource, replaced, (each) => ({
      ...rule(each, true),
      name: does,
      reason: `the path is that of a resource: ${name} ${itemPath} ${does}s what POST ${path} has created`,
      guard: [entryOf(resource, collection, 'it')],
    })),
    ...missing,
    ...again,
    ruleOf(resource, {
      ...rule(newStatus, false),
      name: 'unknown',
      reason: `what nobody has created by POST ${path} may be there or not`,
      response: newStatus,
      unspecified: true,
    }),
  ];
}

function deleting({ documents, resource, created }: Inference, operation: DocumentNode): Json[] {
  const { collection, path, itemPath, id, key, outer } = resource;
  const statuses = successes(documents, operation, 'delete');
  const [status] = statuses;
  if (status === undefined) return [];
  const remove = { remove: collection, key: `$request.path.${key}` };
  const mark = {
    put: deletedOf(resource),
    key: `$request.path.${key}`,
    value: Object.fromEntries(outer.map((name) => [`path-${name}`, `$request.path.${name}`])),
  };
  // What is only accepted may be there for a while.
  const effects = (each: string): Json[] => (each === '202' ? [remove] : [remove, mark]);
  const lastLook = (each: string): Json | undefined => {
    const shownAs = propertiesOf(documents, answerSchema(documents, operation, each));
    return shownAs.has(id)
      ? free(picked('$state.it#/shown', shared(documents, created, shownAs)))
      : undefined;
  };
  const missing = gone(documents, resource, operation, 'DELETE');
  const again = eachStatus(resource, missing.length > 0 ? statuses : [], () => ({
    name: 'delete-again',
    reason: `a server may answer DELETE ${itemPath} alike, however often it is sent (RFC 9110, section 9.2.2)`,
    guard: [entryOf(resource, deletedOf(resource))],
  })).map((each) => ({ ...asObject(each), alternative: true }));
  return [
    ...eachStatus(resource, statuses, (each) => ({
      name: 'delete',
      reason: `the path is that of a resource: DELETE ${itemPath} deletes what POST ${path} has created`,
      guard: [entryOf(resource, collection, 'it')],
      content: lastLook(each),
      effects: effects(each),
    })),
    ...missing,
    ...again,
    ruleOf(resource, {
      name: 'unknown',
      reason: `what nobody has created by POST ${path} may be there or not`,
      response: status,
      effects: effects(status),
      unspecified: true,
    }),
  ];
}

/** The members that two representations share: what stands in the one is right in the other. */
function shared(documents: Documents, from: Properties, to: Properties): string[] {
  return [...from].flatMap(([name, property]) => (fitsIn(documents, property, to.get(name)) ? [name] : []));
}

/** The members of a request that are shown again. */
function echoes(documents: Documents, request: Properties, shown: Properties): string[] {
  return shared(documents, request, shown).filter((name) => isWritable(request.get(name)));
}

function fitsIn(documents: Documents, from: DocumentNode | undefined, to: DocumentNode | undefined): boolean {
  if (from === undefined || to === undefined || asObject(to.value).writeOnly === true) return false;
  return asObject(from.value).writeOnly !== true && fits(documents, from, to);
}

function isWritable(property: DocumentNode | undefined): boolean {
  return property !== undefined && asObject(property.value).readOnly !== true;
}

/** Whether servers leave values as they were sent: not so instants, fractions, addresses and what holds these. */
function isLasting(documents: Documents, property: DocumentNode | undefined): boolean {
  if (property === undefined) return false;
  const types = typesOf(documents, property);
  const { format } = asObject(property.value);
  if (types === undefined || (format !== undefined && !types.includes('integer'))) return false;
  return types.every((type) => type === 'string' || type === 'integer' || type === 'boolean');
}

function isSameType(
  documents: Documents,
  property: DocumentNode | undefined,
  keySchema: DocumentNode | undefined,
): boolean {
  if (property === undefined) return false;
  const wanted = (keySchema && typesOf(documents, keySchema)) ?? ['string'];
  return typesOf(documents, property)?.every((type) => wanted.includes(type)) === true;
}

/** A reference to a schema from the file in which the rules of a resource stand. */
function reference({ operations }: Resource, { at }: DocumentNode): Json {
  const from = operations.get('post')?.at;
  const pointer = encodeURI(at.pointer).replaceAll('#', '%23');
  return from?.file === at.file ? `#${pointer}` : `${at.file}#${pointer}`;
}
