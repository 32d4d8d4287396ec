/** Parameters, request bodies and responses of a document into the model. */

import type {
  Content,
  DocumentedResponse,
  Example,
  Parameter,
  RequestBody,
  ResponseHeader,
} from './contract.js';
import type { Documents } from './documents.js';
import { isObject } from './json.js';
import type { ParameterForm, ParameterStyle } from './parameter.js';
import { provenanceOf } from './provenance.js';
import type { Reader } from './reader.js';
import { shapeOf } from './shape.js';

export function readParameter(documents: Documents, parameter: Reader): Parameter {
  const location = parameter.text('in');
  const where = location === 'path' || location === 'header' || location === 'cookie' ? location : 'query';
  const name = parameter.text('name') ?? '';
  const [content] = readContents(documents, parameter);
  const schema = parameter.place('schema') ?? content?.schema;
  const style = styleOf(parameter.text('style'), where);
  const explode =
    parameter.node.value !== null && isObject(parameter.node.value)
      ? parameter.node.value.explode
      : undefined;
  const form: ParameterForm = {
    name,
    in: where,
    style,
    explode: typeof explode === 'boolean' ? explode : style === 'form',
    allowReserved: parameter.flag('allowReserved'),
    shape: shapeOf(documents, schema),
  };
  return {
    name,
    in: where,
    required: parameter.flag('required') || where === 'path',
    description: parameter.text('description'),
    schema,
    form,
    content,
    examples: readExamples(parameter),
    at: parameter.node.at,
  };
}

function styleOf(style: string | undefined, where: Parameter['in']): ParameterStyle {
  const styles: readonly ParameterStyle[] = [
    'simple',
    'label',
    'matrix',
    'form',
    'spaceDelimited',
    'pipeDelimited',
    'deepObject',
  ];
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
    headers: response.members('headers').map(readHeader),
    content: readContents(documents, response),
    provenance: provenanceOf(isObject(response.node.value) ? response.node.value : {}),
    at: response.node.at,
  };
}

function readHeader([name, header]: readonly [string, Reader]): ResponseHeader {
  const schema = header.place('schema');
  return {
    name,
    required: header.flag('required'),
    schema,
    examples: readExamples(header),
    at: header.node.at,
  };
}

/** Only the texts of a form are read by a shape; that of any other schema may be large. */
function isForm(mediaType: string): boolean {
  return /^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(mediaType);
}

function readContents(documents: Documents, owner: Reader): readonly Content[] {
  return owner.members('content').map(([mediaType, content]) => readContent(documents, mediaType, content));
}

function readContent(documents: Documents, mediaType: string, content: Reader): Content {
  const schema = content.place('schema');
  return {
    mediaType,
    schema,
    shape: shapeOf(documents, isForm(mediaType) ? schema : undefined),
    examples: readExamples(content),
    at: content.node.at,
  };
}

/** The named examples; a single unnamed `example` is called "example". */
function readExamples(parent: Reader): readonly Example[] {
  const single = parent.member('example');
  const named = parent.members('examples').map(([name, example]): Example => {
    const raw = isObject(example.node.value) ? example.node.value : {};
    return {
      name,
      summary: example.text('summary'),
      value: raw.value,
      provenance: provenanceOf(raw),
      at: example.node.at,
    };
  });
  if (single === undefined) return named;
  const provenance = provenanceOf({});
  const { value, at } = single.node;
  return [{ name: 'example', summary: undefined, value, provenance, at }, ...named];
}
