/** Percent-encoding of the parts of a URL (RFC 3986, section 2.1). */

const percentEscapes = /(?:%[\dA-Fa-f]{2})+/g;
/** What stays encoded where text is compared: the reserved characters, and those of a template. */
export const keptEncoded: RegExp = /[%:/?#[\]@!$&'()*+,;={}]/g;
const loneSurrogates = /\p{Surrogate}/gu;
/** The reserved characters that ECMAScript leaves alone. */
const notYetEncoded = /[!'()*]/g;

/** The text with its percent-escapes decoded as UTF-8 (RFC 3986, section 2.1); a malformed escape stays as it is. */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  return (
    decodedOrUndefined(text) ??
    text.replace(percentEscapes, (escapes) => decodedOrUndefined(escapes) ?? escapes)
  );
}

/** The text with all but unreserved characters escaped (RFC 3986, section 2.3); a lone surrogate becomes U+FFFD. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.replace(loneSurrogates, '\ufffd')).replace(notYetEncoded, escapeOf);
}

function decodedOrUndefined(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** One spelling for equivalent text: escapes decoded, except those of reserved characters (RFC 3986, section 2.2). */
export function normalise(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(percentEscapes, (escapes) => {
    const decoded = decodedOrUndefined(escapes);
    return decoded === undefined ? escapes.toUpperCase() : decoded.replace(keptEncoded, escapeOf);
  });
}

/** The escapes of the octets of a character. */
export function escapeOf(character: string): string {
  return Array.from(
    Buffer.from(character),
    (octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}
