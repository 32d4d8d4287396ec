/** Parameters, request bodies and responses of a document into the model. */

import { isJson, parseMediaType } from './content/media-type.js';
import type {
  Content,
  DocumentedResponse,
  Encoding,
  Example,
  Parameter,
  RequestBody,
  ResponseHeader,
} from './contract.js';
import type { Documents, Place } from './document/documents.js';
import type { Reader } from './document/reader.js';
import { readLinks } from './http/links.js';
import type { ParameterForm, ParameterStyle } from './http/parameter.js';
import { isObject, type Json } from './json.js';
import { provenanceOf } from './provenance.js';
import { type ParameterShape, shapeOf } from './schema/shape.js';

export function readParameter(documents: Documents, parameter: Reader): Parameter {
  const location = parameter.text('in');
  const where = location === 'path' || location === 'header' || location === 'cookie' ? location : 'query';
  const name = parameter.text('name') ?? '';
  const [content] = readContents(documents, parameter);
  const schema = parameter.place('schema') ?? content?.schema;
  const form: ParameterForm = readForm(documents, parameter, { name, in: where, schema, content });
  return {
    name,
    in: where,
    required: parameter.flag('required') || where === 'path',
    description: parameter.text('description'),
    schema,
    form: location === 'querystring' ? { ...form, style: 'querystring' } : form,
    content,
    allowEmptyValue: where === 'query' && parameter.flag('allowEmptyValue'),
    default: parameter.member('schema')?.member('default')?.node.value,
    examples: [...readExamples(parameter), ...(content?.examples ?? [])],
    at: parameter.node.at,
  };
}

type Formed = Pick<ParameterForm, 'name' | 'in'> & {
  readonly schema: Place | undefined;
  readonly content: Content | undefined;
};

/** How a parameter or header is written. A text that is of a media type is a text, whatever its schema says. */
function readForm(
  documents: Documents,
  owner: Reader,
  { name, in: where, schema, content }: Formed,
): ParameterForm {
  const style = styleOf(owner.text('style'), where);
  return {
    name,
    in: where,
    style,
    explode: explodeOf(owner, style),
    allowReserved: owner.flag('allowReserved'),
    shape: content === undefined ? shapeOf(documents, schema) : textShape,
  };
}

const textShape: ParameterShape = { types: new Set(['string']) };

function explodeOf(owner: Reader, style: ParameterStyle): boolean {
  const explode = isObject(owner.node.value) ? owner.node.value.explode : undefined;
  return typeof explode === 'boolean' ? explode : style === 'form' || style === 'cookie';
}

const styles: readonly ParameterStyle[] = [
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
  'cookie',
];

function styleOf(style: string | undefined, where: Parameter['in']): ParameterStyle {
  const byLocation = where === 'path' || where === 'header' ? 'simple' : 'form';
  return styles.find((known) => known === style) ?? byLocation;
}

export function readRequestBody(documents: Documents, body: Reader): RequestBody {
  return {
    required: body.flag('required'),
    content: readContents(documents, body),
    at: body.node.at,
  };
}

export function readResponse(documents: Documents, status: string, response: Reader): DocumentedResponse {
  return {
    status,
    description: response.text('description') ?? '',
    headers: readHeaders(documents, response),
    content: readContents(documents, response),
    links: readLinks(documents, response),
    provenance: provenanceOf(isObject(response.node.value) ? response.node.value : {}),
    at: response.node.at,
  };
}

function readHeaders(documents: Documents, owner: Reader): readonly ResponseHeader[] {
  return owner.members('headers').map(([name, header]) => {
    const [content] = readContents(documents, header);
    const schema = header.place('schema') ?? content?.schema;
    return {
      name,
      required: header.flag('required'),
      schema,
      form: readForm(documents, header, { name, in: 'header', schema, content }),
      content,
      examples: [...readExamples(header), ...(content?.examples ?? [])],
      at: header.node.at,
    };
  });
}

function readContents(documents: Documents, owner: Reader): readonly Content[] {
  return owner.members('content').map(([mediaType, content]) => readContent(documents, mediaType, content));
}

function readContent(documents: Documents, mediaType: string, content: Reader): Content {
  const schema = content.place('schema');
  const itemSchema = content.place('itemSchema');
  const itemEncoding = content.member('itemEncoding');
  const encodings = content
    .members('encoding')
    .map(([name, each]) => [name, readEncoding(documents, each)] as const);
  return {
    mediaType,
    schema,
    itemSchema,
    shape: shapeOf(documents, schema),
    itemShape: itemSchema && shapeOf(documents, itemSchema),
    encodings: new Map(encodings),
    prefixEncodings: content.members('prefixEncoding').map(([, each]) => readEncoding(documents, each)),
    itemEncoding: itemEncoding && readEncoding(documents, itemEncoding),
    examples: readExamples(content, mediaType),
    at: content.node.at,
  };
}

/** One of `style`, `explode` and `allowReserved` suffices, and the style counts (OpenAPI 3.2, 4.15.1.2). */
function readEncoding(documents: Documents, encoding: Reader): Encoding {
  const says = (name: string): boolean =>
    isObject(encoding.node.value) && encoding.node.value[name] !== undefined;
  const style = styleOf(encoding.text('style'), 'query');
  return {
    contentTypes: (encoding.text('contentType') ?? '')
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean),
    style: ['style', 'explode', 'allowReserved'].some(says)
      ? { style, explode: explodeOf(encoding, style), allowReserved: encoding.flag('allowReserved') }
      : undefined,
    headers: readHeaders(documents, encoding).filter(({ name }) => !/^content-type$/i.test(name)),
  };
}

/** The named examples; a single unnamed `example` is called "example". */
function readExamples(parent: Reader, mediaType?: string): readonly Example[] {
  const single = parent.member('example');
  const named = parent.members('examples').map(([name, example]): Example => {
    const raw = isObject(example.node.value) ? example.node.value : {};
    return {
      name,
      summary: example.text('summary'),
      value: [raw.value, raw.dataValue, serialized(raw.serializedValue, mediaType)].find(isGiven),
      provenance: provenanceOf(raw),
      at: example.node.at,
    };
  });
  if (single === undefined) return named;
  const provenance = provenanceOf({});
  const { value, at } = single.node;
  return [{ name: 'example', summary: undefined, value, provenance, at }, ...named];
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined;
}

/** A value that is given in its serialized form: JSON as what it says, anything else as its text. */
function serialized(text: Json | undefined, mediaType: string | undefined): Json | undefined {
  const parsed = mediaType === undefined ? undefined : parseMediaType(mediaType);
  if (typeof text !== 'string' || parsed === undefined || !isJson(parsed)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
