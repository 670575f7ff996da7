import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A part of a benchmark in a process of its own, which answers one question at a time. */
export interface Peer {
  ask<Answer>(question: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** `file` calls `answerParent`; it stands beside this one, or is compiled and needs no translator. */
export function startPeer(file: string): Peer {
  const isCompiled = file.endsWith('.js');
  const place = isCompiled ? file : fileURLToPath(new URL(file, import.meta.url));
  const execArgv = isCompiled ? ['--expose-gc', '--max-semi-space-size=4'] : process.execArgv;
  const child = fork(place, [], { serialization: 'advanced', execArgv });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ask = <Answer>(question: unknown) => answerOf<Answer>(child, question);
  const close = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  return { ask, close };
}

function answerOf<Answer>(child: ChildProcess, question: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error('the other process ended'));
    child.once('exit', fail);
    child.once('message', (message) => {
      child.off('exit', fail);
      const { answer, error } = message as { answer: Answer; error?: string };
      if (error === undefined) resolve(answer);
      else reject(new Error(error));
    });
    child.send(question as object);
  });
}

/** In the other process: answers until the parent disconnects, then closes and ends. */
export function answerParent<Question>(
  answer: (question: Question) => Promise<unknown>,
  close: () => Promise<void> = () => Promise.resolve(),
): void {
  process.on('message', (question: Question) => {
    answer(question).then(
      (given) => process.send?.({ answer: given }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.once('disconnect', () => void close().finally(() => process.exit(0)));
}
