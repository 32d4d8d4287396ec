/** One operation of a contract for its ledger: its requests, its responses and its rules, each with what it rests on. */

import type {
  Content,
  Contract,
  DocumentedResponse,
  Example,
  Operation,
  Provenance,
  SecurityScheme,
} from '../contract.js';
import { nodeAt, type Place } from '../document/documents.js';
import { objectsOf } from '../document/objects.js';
import { asObject, type JsonObject } from '../json.js';
import { provenanceAt } from '../provenance.js';
import type { Transition } from '../rules/rules.js';
import { exampleReached, responseReached } from './describe-reached.js';
import { ruleText } from './describe-rule.js';
import type {
  BodyDescription,
  ExampleDescription,
  OperationDescription,
  Reached,
  ResponseDescription,
  RuleDescription,
  SchemeDescription,
} from './description.js';

/** Tells a place as text that does not depend on where the contract lies. */
export type TellPlace = (at: Place) => string;

/** An operation with all that belongs to it. */
export function describeOperation(
  contract: Contract,
  operation: Operation,
  tell: TellPlace,
): OperationDescription {
  const { documents } = contract;
  const { id, method, path, summary, deprecated, tags, at } = operation;
  const responses = operation.responses.map((each) => describeResponse(contract, operation, each, tell));
  const within = objectsOf(documents, at, 'operation').flatMap(({ value }) => sourceIn(asObject(value)));
  return {
    id,
    method,
    path,
    summary,
    description: textAt(contract, at, 'description'),
    deprecated,
    tags,
    basis: provenanceAt(documents, at),
    sources: distinct([...within, ...responses.flatMap(({ sources }) => sources)]),
    security: operation.security.map((requirement) => requirement.map(({ scheme }) => scheme.name)),
    parameters: operation.parameters.map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required,
      description: parameter.description?.trim(),
      basis: parameterBasis(contract, parameter),
      at: tell(parameter.at),
    })),
    requestBody: operation.requestBody && describeBody(contract, operation.requestBody, tell),
    responses,
    rules: operation.transitions.map((rule) => describeRule(contract, rule, tell)),
    at: tell(at),
  };
}

/** What a parameter rests on; where it does not say so itself, what its schema does. */
function parameterBasis(
  { documents }: Contract,
  { at, schema }: Operation['parameters'][number],
): Provenance {
  const own = provenanceAt(documents, at);
  const isSilent = own.kind === 'documented' && own.source === undefined;
  return isSilent && schema !== undefined ? provenanceAt(documents, schema) : own;
}

/** A security scheme and its rejections. */
export function describeScheme(
  contract: Contract,
  scheme: SecurityScheme,
  tell: TellPlace,
): SchemeDescription {
  return {
    name: scheme.name,
    carrier: carrierText(scheme.carrier),
    description: textAt(contract, scheme.at, 'description'),
    basis: provenanceAt(contract.documents, scheme.at),
    rules: scheme.transitions.map((rule) => describeRule(contract, rule, tell)),
    at: tell(scheme.at),
  };
}

/** The object that stands at a place, as it is written. */
export function writtenAt({ documents }: Contract, at: Place): JsonObject {
  return asObject(nodeAt(documents, at)?.value);
}

function carrierText(carrier: SecurityScheme['carrier']): string {
  switch (carrier.kind) {
    case 'http':
      return `the header \`Authorization\`, scheme \`${carrier.scheme}\``;
    case 'apiKey': {
      const kind = { query: 'query parameter', header: 'header', cookie: 'cookie' }[carrier.in];
      return `the ${kind} \`${carrier.parameter}\``;
    }
    default:
      return carrier.kind;
  }
}

function describeBody(
  contract: Contract,
  { required, content, at }: NonNullable<Operation['requestBody']>,
  tell: TellPlace,
): BodyDescription {
  return {
    required,
    mediaTypes: content.map(({ mediaType }) => mediaType),
    examples: examplesOf(content, (example, { mediaType }) =>
      describeExample(contract, example, mediaType, undefined, tell),
    ),
    basis: provenanceAt(contract.documents, at),
    at: tell(at),
  };
}

function describeResponse(
  contract: Contract,
  operation: Operation,
  response: DocumentedResponse,
  tell: TellPlace,
): ResponseDescription {
  const { documents } = contract;
  const reached = responseReached(contract, operation, response);
  const examples = examplesOf(response.content, (example, { mediaType }) =>
    describeExample(
      contract,
      example,
      mediaType,
      exampleReached(contract, operation, response, example),
      tell,
    ),
  );
  const basis = provenanceAt(documents, response.at);
  const own = reached.kind === 'rules' ? reached.rules : [];
  const leading = [
    ...operation.transitions.map((rule) => [rule.name, rule] as const),
    ...operation.security
      .flat()
      .flatMap(({ scheme }) =>
        scheme.transitions.map((rule) => [`${scheme.name}: ${rule.name}`, rule] as const),
      ),
  ].filter(([name]) => own.includes(name));
  const bases = [basis, ...examples.map((each) => each.basis), ...leading.map(([, rule]) => rule.provenance)];
  return {
    status: response.status,
    description: response.description.trim(),
    basis,
    sources: distinct(
      bases.flatMap((each) => (each.kind === 'documented' && each.source !== undefined ? [each.source] : [])),
    ),
    headers: response.headers.map(({ name }) => name),
    mediaTypes: response.content.map(({ mediaType }) => mediaType),
    examples,
    reached,
    at: tell(response.at),
  };
}

function examplesOf<T>(
  contents: readonly Content[],
  describe: (example: Example, content: Content) => T,
): readonly T[] {
  return contents.flatMap((content) => content.examples.map((example) => describe(example, content)));
}

function describeExample(
  contract: Contract,
  { name, summary, at }: Example,
  mediaType: string,
  reached: Reached | undefined,
  tell: TellPlace,
): ExampleDescription {
  return {
    name,
    mediaType,
    summary: summary?.trim(),
    description: textAt(contract, at, 'description'),
    basis: provenanceAt(contract.documents, at),
    repaired: textAt(contract, at, 'x-repaired'),
    reached,
    at: tell(at),
  };
}

function describeRule(contract: Contract, rule: Transition, tell: TellPlace): RuleDescription {
  return {
    name: rule.name,
    description: textAt(contract, rule.at, 'description'),
    basis: provenanceAt(contract.documents, rule.at),
    ...ruleText(writtenAt(contract, rule.at)),
    response: rule.response,
    alternative: rule.alternative,
    unspecified: rule.unspecified,
    at: tell(rule.at),
  };
}

function textAt(contract: Contract, at: Place, member: string): string | undefined {
  const text = writtenAt(contract, at)[member];
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

function sourceIn(value: JsonObject): readonly string[] {
  return typeof value['x-source'] === 'string' ? [value['x-source']] : [];
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
