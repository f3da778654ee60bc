import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatch, processorSeconds } from '../src/execution/planning-watch.js';

/** How often a process is looked at before it is given up. @param {(look: number) => number | undefined} secondsAt */
function looksUntilGivenUp(secondsAt) {
  let looks = 0;
  return new Promise((resolve) => {
    createWatch(() => secondsAt((looks += 1)), () => resolve(looks), 1).heard();
  });
}

test('a process that takes of the processor and says nothing is given up', async () => {
  assert.equal(await looksUntilGivenUp((look) => 3 + look), 2);
});

test('a process that gets nothing of the processor is waited for, but not for ever', async () => {
  assert.equal(await looksUntilGivenUp((look) => 3 + look / 100), 12);
});

test('a process that the system does not tell of is given up by time', async () => {
  assert.equal(await looksUntilGivenUp(() => undefined), 2);
});

test('a word begins the watch anew', async () => {
  let looks = 0;
  const given = await new Promise((resolve) => {
    const watch = createWatch(() => {
      looks += 1;
      if (looks < 30 && looks % 2 === 0) setImmediate(watch.heard);
      return looks < 30 ? 0 : looks;
    }, () => resolve(looks), 1);
    watch.heard();
  });
  assert.ok(given >= 30, `${given} looks`);
});

test('what a process has taken of the processor is told', () => {
  const { user, system } = process.cpuUsage();
  const told = /** @type {number} */ (processorSeconds(process.pid));
  assert.ok(Math.abs(told - (user + system) / 1_000_000) < 1, `${told} seconds`);
});
