import { readFileSync } from 'node:fs';

/** How long a process may say nothing before it is looked at. Each look is as long after the one before. */
const SILENCE_MS = 5_000;

/** What a process takes of the processor between two looks that is stuck: one that merely waits for it has no chance to say anything. */
const STUCK_SECONDS = 1;

/** After so many looks a process is given up, whatever it does. */
const MOST_LOOKS = 12;

/** Clock ticks a second in which Linux tells of processes. */
const TICKS = 100;

/**
 * Watches whether a process says anything while it works. On a busy machine the time alone says little: the process may have had
 * nothing of the processor, and neither may we, to read what it has said.
 * @param {() => number | undefined} secondsTaken what the process has taken of the processor so far; undefined where nobody can tell
 * @param {() => void} giveUp
 * @param {number} [interval] milliseconds between looks
 */
export function createWatch(secondsTaken, giveUp, interval = SILENCE_MS) {
  let timer = /** @type {NodeJS.Timeout | undefined} */ (undefined);
  let looks = 0;
  let before = /** @type {number | undefined} */ (undefined);

  const look = () => {
    const taken = secondsTaken();
    looks += 1;
    const isStuck = looks > 1 && (taken === undefined || before === undefined || taken - before >= STUCK_SECONDS);
    if (isStuck || looks >= MOST_LOOKS) return giveUp();
    before = taken;
    timer = setTimeout(look, interval);
  };
  return {
    /** It has begun to work, or said something. */
    heard() {
      clearTimeout(timer);
      looks = 0;
      timer = setTimeout(look, interval);
    },
    /** It has nothing to do any more. */
    rest: () => clearTimeout(timer),
  };
}

/**
 * What a process has taken of the processor since it began, all its threads together.
 * @param {number | undefined} id
 * @returns {number | undefined} seconds; undefined where the system does not tell
 */
export function processorSeconds(id) {
  try {
    // The name, in parentheses, may have blanks in it. The times in user and in system mode are the 12th and 13th behind it.
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return undefined;
  }
}
