import type { Person } from '../domain/access/actor.js';
import type { ActionPolicy } from '../domain/actions/policy.js';
import { namesOf } from './action-words.js';
import type { Card } from './card.js';
import { drawCard, drawLines } from './layout.js';
import { expand } from './templates.js';

const needed = (is: boolean) => (is ? 'needs approval' : 'needs none, except on servers and high-value devices');

/** The rules as they are, and how they are changed. `people` are those whose names are known. */
export function drawPolicyCard(policy: ActionPolicy, people: readonly Person[], usage: readonly string[]): Card {
  const named = policy.breakGlass.map(
    (id) => people.find(({ userId }) => userId === id) ?? { displayName: 'somebody who left' },
  );
  const lines = [
    { strong: 'Dry run', text: policy.dryRun ? 'on: nothing is sent to Microsoft' : 'off' },
    { strong: 'Isolate', text: needed(policy.approval.isolate) },
    { strong: 'Release', text: needed(policy.approval.release) },
    { strong: 'Scan', text: needed(policy.approval.scan) },
    { strong: 'Peers', text: policy.peers ? 'analysts may approve for each other' : 'only managers approve' },
    { strong: 'Break-glass', text: named.length === 0 ? 'nobody acts alone' : `${namesOf(named, 20)} may act alone` },
    { strong: 'Queue', text: `${policy.queueHours} h, then an action for an offline device is cancelled` },
    { strong: 'Write-back', text: policy.writeBack ? 'on: alerts closed here are resolved at Microsoft' : 'off' },
  ];
  const heading = 'Rules for device actions';
  return drawCard({
    about: 'policy',
    fallbackText: `${heading}. ${lines.map(({ strong, text }) => `${strong}: ${text}`).join('. ')}.`,
    summary: heading,
    body: [
      expand('message', {
        heading,
        lines: [{ strong: '', text: 'A change takes effect when a second admin confirms it.' }],
      }),
      ...drawLines('', lines, 1200, true),
      ...drawLines(
        'How an admin proposes a change',
        usage.map((text) => ({ text })),
        100,
        true,
      ),
    ],
    actions: [],
  });
}
