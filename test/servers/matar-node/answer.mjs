/** The answers of the node server before they are sent. */

export const json = (status, value, fields = {}) => ({
  status,
  fields: { 'content-type': 'application/json', 'cache-control': 'no-store', ...fields },
  text: JSON.stringify(value),
});

export const plain = (status, text, fields = {}) => ({
  status,
  fields: { 'content-type': 'text/plain; charset=utf-8', ...fields },
  text: `${text}\n`,
});
