/** How servers are reached: what the flags and the configuration say of connections. */

import { createSecureContext } from 'node:tls';
import type { Config } from '../conformance/config.js';
import type { ClientCertificate, HttpTargetOptions } from '../conformance/target.js';
import { exitCodes, Failure, messageOf } from './failure.js';
import { readCertificates, readText } from './read-text.js';

/** The options of a target, but for the fields that every request has. */
export function networkOf(config: Config): HttpTargetOptions {
  const { timeout, retries, proxy, ca, insecure = false } = config;
  const certificate = clientCertificate(config);
  return {
    ...(timeout !== undefined && { timeout: timeout * 1000 }),
    ...(retries !== undefined && { retries }),
    ...(proxy !== undefined && { proxy }),
    ...(ca !== undefined && { ca: readCertificates(ca) }),
    ...(certificate !== undefined && { certificate }),
    insecure,
  };
}

/**
 * The certificate of the client, and its key.
 * @throws Failure when one of the two is missing, and when they do not belong together.
 */
export function clientCertificate({
  clientCert,
  clientKey,
}: Pick<Config, 'clientCert' | 'clientKey'>): ClientCertificate | undefined {
  if (clientCert === undefined && clientKey === undefined) return undefined;
  if (clientCert === undefined || clientKey === undefined)
    throw new Failure('--client-cert and --client-key belong together: give both.', exitCodes.wrongInput);
  const cert = readText(clientCert, 'Name a file with a certificate in PEM with --client-cert');
  const key = readText(clientKey, 'Name a file with its private key in PEM with --client-key');
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new Failure(
      `${clientCert} and ${clientKey} are no certificate and its key: ${messageOf(error)}.`,
      exitCodes.wrongInput,
    );
  }
  return { cert, key };
}
