import { readFileSync } from 'node:fs';

/** How often files are looked at. */
const LOOK_INTERVAL_MS = 1_000;

/**
 * What files hold, read again when they have changed and are the same as a look before, since they are written one after the other.
 * Changed files that can't be used are named in the log, once, and what they held before stays.
 * @template Content
 * @param {readonly string[]} files
 * @param {(texts: string[]) => Content} parse throws an error that names the file when it can't be used
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 * @returns {() => Content} what they hold now
 */
export function followFiles(files, parse, log) {
  let content = parse(files.map(read));
  let seen = fingerprint(files);
  let settling = seen;
  const look = () => {
    const present = fingerprint(files);
    const isSettled = present === settling;
    settling = present;
    if (present === seen || !isSettled) return;
    seen = present;
    try {
      content = parse(files.map(read));
      log.info({ files }, 'Changed files were read again');
    } catch (error) {
      log.error({ reason: /** @type {Error} */ (error).message }, 'Changed files are not usable; what they held before stays');
    }
  };
  setInterval(look, LOOK_INTERVAL_MS).unref();
  return () => content;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} can't be read: ${/** @type {NodeJS.ErrnoException} */ (error).code}`, { cause: error });
  }
}

/**
 * Changes with the files; one that can't be read counts as empty.
 * @param {readonly string[]} files
 */
function fingerprint(files) {
  return JSON.stringify(files.map((file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return null;
    }
  }));
}
