import { PatchBertError } from '@patchbert/errors';
import { createFrame, type Frame } from './frame.ts';
import { createPanel, type Panel } from './panel.ts';
import { listNames, selectChannels } from './select-channels.ts';

/**
 * Recordings with the same channels, one after the other in one frame; their lengths may differ. The values are copied.
 *
 * @param options.name what messages and reports call the whole.
 * @throws PatchBertError `data/bad-panel` when there is no frame, two have the same name, their channels differ, or
 * only some have times.
 * @example
 * const panel = stackFrames([north, south], { name: 'substations' });
 */
export function stackFrames(frames: readonly Frame[], { name }: { readonly name: string }): Panel {
  const [first] = frames;
  if (first === undefined) throw bad(`${JSON.stringify(name)} has no frame; expected at least one.`);
  const { channels, timeColumn } = first;
  const ordered = frames.map((frame) => withChannels(frame, first));
  const timed = ordered.filter(({ times }) => times !== undefined).length;
  if (timed !== 0 && timed !== ordered.length) {
    const without = ordered.filter(({ times }) => times === undefined);
    throw bad(
      `${listNames(without.map((frame) => frame.name))} lack times, the others have them; expected all or none.`,
    );
  }
  let end = 0;
  const segments = ordered.map((frame) => {
    const start = end;
    end += frame.length;
    return { id: frame.name, start, end };
  });
  const stacked = createFrame({
    name,
    channels,
    columns: channels.map((_, c) =>
      join(
        new Float32Array(end),
        ordered.map(({ columns }) => columns[c]!),
      ),
    ),
    ...(timed > 0 && {
      times: join(
        new Float64Array(end),
        ordered.map(({ times }) => times!),
      ),
    }),
    ...(timeColumn !== undefined && { timeColumn }),
  });
  return createPanel(stacked, segments);
}

function withChannels(frame: Frame, first: Frame): Frame {
  const { channels } = first;
  const same =
    frame.channels.length === channels.length && channels.every((name) => frame.channels.includes(name));
  if (same) return selectChannels(frame, channels);
  throw bad(
    `${JSON.stringify(frame.name)} has channels ${listNames(frame.channels)}, ${JSON.stringify(first.name)} has ${listNames(channels)}; expected the same in all.`,
  );
}

function join<T extends Float32Array | Float64Array>(into: T, parts: readonly T[]): T {
  let offset = 0;
  for (const part of parts) {
    into.set(part, offset);
    offset += part.length;
  }
  return into;
}

function bad(problem: string): PatchBertError {
  return new PatchBertError('data/bad-panel', `stackFrames: ${problem}`);
}
