/** A text of each format that the tests of variants begin with. */

export const formatTexts: Readonly<Record<string, string>> = {
  'date-time': '2024-01-01T00:00:00Z',
  date: '2024-01-01',
  time: '12:00:00Z',
  duration: 'PT1M',
  email: 'a@example.org',
  hostname: 'example.org',
  ipv4: '192.0.2.7',
  ipv6: '2001:db8::7',
  uri: 'https://example.org/',
  uuid: 'b26f596d-d960-46ec-baf6-c7930d935120',
  byte: 'QUJDRA==',
};
