import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { certificateExpires } from './metrics.js';
import { followFiles } from './reloading.js';

/** cert-manager's names. */
const FILES = /** @type {const} */ (['tls.crt', 'tls.key', 'ca.crt']);
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Who the router is and whom it believes, in PEM.
 * @typedef {Readonly<{ cert: string, key: string, ca: string }>} Identity
 */

/**
 * Follows the files of TLS_DIR.
 * @template Content
 * @param {string} directory
 * @param {(identity: Identity) => Content} use what is made of each state of the files
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
export function followCertificates(directory, use, log) {
  const files = FILES.map((name) => join(directory, name));
  return followFiles(files, (texts) => use(usableIdentity(files, texts)), log);
}

/**
 * @param {string[]} files
 * @param {string[]} texts
 * @returns {Identity}
 */
function usableIdentity([certFile = '', keyFile = '', caFile = ''], [cert = '', key = '', ca = '']) {
  const [own, ...between] = certificates(cert, certFile);
  const authorities = certificates(ca, caFile);
  requireKey(own, key, keyFile);
  requireNow(own, certFile);
  if (!isTrusted(own, between, authorities)) throw new Error(`${certFile} is signed by no certificate of ca.crt`);
  certificateExpires.set({ file: 'tls.crt' }, Date.parse(own.validTo) / 1_000);
  certificateExpires.set({ file: 'ca.crt' }, Math.max(...authorities.map(({ validTo }) => Date.parse(validTo))) / 1_000);
  return { cert, key, ca };
}

/**
 * @param {string} pem
 * @param {string} file
 */
function certificates(pem, file) {
  try {
    const [first = '', ...others] = pem.match(PEM_CERTIFICATE) ?? [];
    return /** @type {const} */ ([new X509Certificate(first), ...others.map((text) => new X509Certificate(text))]);
  } catch (error) {
    throw new Error(`${file} holds no certificate in PEM`, { cause: error });
  }
}

/**
 * @param {X509Certificate} certificate
 * @param {string} pem
 * @param {string} file
 */
function requireKey(certificate, pem, file) {
  let key;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new Error(`${file} holds no key in PEM without a password`, { cause: error });
  }
  if (!certificate.checkPrivateKey(key)) throw new Error(`${file} is not the key of tls.crt`);
}

/**
 * @param {X509Certificate} certificate
 * @param {string} file
 */
function requireNow({ validFrom, validTo }, file) {
  if (Date.parse(validTo) <= Date.now()) throw new Error(`${file} has expired on ${validTo}`);
  if (Date.parse(validFrom) > Date.now()) throw new Error(`${file} is not valid before ${validFrom}`);
}

/**
 * Whether a chain of signatures leads from a certificate to an authority.
 * @param {X509Certificate} certificate
 * @param {readonly X509Certificate[]} between
 * @param {readonly X509Certificate[]} authorities
 * @returns {boolean}
 */
function isTrusted(certificate, between, authorities) {
  const signs = (/** @type {X509Certificate} */ issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  if (authorities.some(signs)) return true;
  return between.some((issuer) => signs(issuer) && isTrusted(issuer, between.filter((other) => other !== issuer), authorities));
}
