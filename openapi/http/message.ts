/** HTTP messages as plain data (RFC 9110, section 6): what a mock, a runner and a report pass around. */

/** One field line: name as sent, value as sent. Order and repeats are kept (RFC 9110, section 5.2). */
export type Field = readonly [name: string, value: string];

export type RequestMessage = {
  readonly method: string;
  /** The path as sent: percent-encoded, without the query. */
  readonly path: string;
  /** The query as sent, without the question mark; empty when there is none. */
  readonly query: string;
  readonly fields: readonly Field[];
  /** The content (RFC 9110, section 6.4); undefined when the message has none. */
  readonly content: Uint8Array | undefined;
};

export type ResponseMessage = {
  readonly status: number;
  readonly fields: readonly Field[];
  readonly content: Uint8Array | undefined;
};

/** Whether a response with this status may have content, whatever is documented (RFC 9110, section 6.4.1). */
export function allowsContent(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 205 && status !== 304;
}

/** Whether no response to this method with this status has content: besides these statuses, none to HEAD has. */
export function isWithoutContent(method: string, status: number): boolean {
  return method === 'HEAD' || !allowsContent(status);
}

/** The value of a field, its lines joined by a comma (RFC 9110, section 5.3); undefined when there is none. */
export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  let value: string | undefined;
  for (const field of fields) {
    const own = field[0];
    if (own.length !== wanted.length || (own !== wanted && own.toLowerCase() !== wanted)) continue;
    value = value === undefined ? field[1] : `${value}, ${field[1]}`;
  }
  return value;
}

/** The message with these fields too, but for those that it documents itself. */
export function withFields(message: ResponseMessage, fields: readonly Field[]): ResponseMessage {
  if (fields.length === 0) return message;
  const own = message.fields;
  const added = fields.filter(([name]) => fieldValue(own, name) === undefined);
  return added.length === 0 ? message : { ...message, fields: [...own, ...added] };
}
