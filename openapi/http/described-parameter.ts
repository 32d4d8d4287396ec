/** Parameters as an operation describes them: by their style, or as text of a media type. */

import { contentText, parseText } from '../content/content.js';
import { formatOf, parseMediaType } from '../content/media-type.js';
import type { Content, Parameter, PathItem } from '../contract.js';
import type { Json } from '../json.js';
import type { Schemas } from '../schema/schema.js';
import {
  type ParameterForm,
  type ParameterSource,
  readParameter,
  type WrittenParameter,
  writeParameter,
} from './parameter.js';
import { percentDecoded, percentEncoded } from './percent.js';

/** What says how the text of a parameter or header is made. */
export type DescribedText = { readonly form: ParameterForm; readonly content: Content | undefined };

/** Header parameters with these names are described elsewhere and shall be ignored (OpenAPI 3.1, 4.8.12.1). */
export function isIgnored({ in: where, name }: Pick<Parameter, 'in' | 'name'>): boolean {
  return where === 'header' && /^(accept|content-type|authorization)$/i.test(name);
}

/** The value of a parameter in a request; the text as it came where it is not of its media type. Undefined when not sent. */
export function readDescribed(
  { form, content }: DescribedText,
  source: ParameterSource,
  taken?: ReadonlySet<string>,
): Json | undefined {
  const sent = readParameter(form, source, taken);
  const mediaType = content && parseMediaType(content.mediaType);
  if (content === undefined || mediaType === undefined || typeof sent !== 'string') return sent;
  const format = formatOf(mediaType);
  // A form is its own percent-encoding; anything else in the place of a query is encoded for it.
  const text = form.style === 'querystring' && format !== 'form' ? percentDecoded(sent) : sent;
  const parsed = parseText(text, mediaType, format, content);
  return parsed.kind === 'value' ? parsed.value : text;
}

/** Whether parameters of a path, as sent, are such as some operation of the path describes. */
export function fitsPath(
  schemas: Schemas,
  { operations }: PathItem,
  path: Readonly<Record<string, string>>,
): boolean {
  return [...operations.values()].some(({ parameters }) =>
    parameters.every((parameter) => {
      if (parameter.in !== 'path' || parameter.schema === undefined) return true;
      const value = readDescribed(parameter, { path, query: '', fields: [] });
      return value !== undefined && schemas.isValid(parameter.schema, value, 'request');
    }),
  );
}

/** A value ready to be put into a message; undefined when there is nothing to send. */
export function writeDescribed({ form, content }: DescribedText, value: Json): WrittenParameter | undefined {
  const mediaType = content && parseMediaType(content.mediaType);
  if (content === undefined || mediaType === undefined) return writeParameter(form, value);
  const format = formatOf(mediaType);
  const text = contentText(value, format, content);
  return writeParameter(
    form,
    form.style === 'querystring' && format !== 'form' ? percentEncoded(text) : text,
  );
}
