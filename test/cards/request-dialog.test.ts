import assert from 'node:assert/strict';
import { CARD_BYTES, cardBytes } from '../../cards/card.js';
import { requestDialog } from '../../cards/dialog-request.js';
import { entityData } from '../../cards/layout.js';
import { actionForm, deviceId, formDevice, tenantId } from './action-views.js';
import { ofType, parts, texts } from './walk.js';

const cause = entityData('alert', { tenantId, id: '00000000-0000-4000-8000-000000001042', version: 4 });
const inputsOf = (card: unknown) => parts(card).filter((part) => String(part['type']).startsWith('Input.'));
const submitOf = (card: Readonly<Record<string, unknown>>) => (card['actions'] as Record<string, unknown>[])[0];

describe('the form for an action on a device', () => {
  it('asks how and why, says who will be asked, and sends the device and how many actions it has had', () => {
    const { card, title } = requestDialog('isolate', cause, actionForm());
    assert.equal(title, 'Isolate device');
    assert.deepEqual(
      inputsOf(card).map((input) => [input['id'], input['value'] ?? null, input['maxLength'] ?? null]),
      [
        ['parameter', 'Full', null],
        ['reason', null, 500],
      ],
    );
    assert.match(texts(card), /asked at once: Maya Chen and Alex Rivera\./);
    assert.match(texts(card), /It stays connected to Defender/);
    assert.deepEqual(submitOf(card), {
      type: 'Action.Submit',
      title: 'Isolate device',
      style: 'destructive',
      data: { verb: 'device.isolate', ...cause, deviceId, actionCounts: { [deviceId]: 4 } },
    });
  });

  it('says before anything is asked for that it is a dry run, that a server is concerned, that one acts alone', () => {
    const dry = texts(requestDialog('isolate', cause, actionForm(undefined, true)).card);
    assert.match(dry, /^◌ Dry run: everything is done but the call to Microsoft\.$/m);
    const server = formDevice({ isSensitive: true });
    assert.match(texts(requestDialog('scan', cause, actionForm([server])).card), /so approval is always needed/);
    const alone = formDevice({ actsAlone: true, approvers: [] });
    assert.match(texts(requestDialog('isolate', cause, actionForm([alone])).card), /You act alone \(break-glass\)/);
    const lonely = formDevice({ approvers: [] });
    assert.match(texts(requestDialog('isolate', cause, actionForm([lonely])).card), /nobody else here could give it/);
    const free = formDevice({ needsApproval: false });
    assert.match(texts(requestDialog('unisolate', cause, actionForm([free])).card), /No approval is needed/);
  });

  it('asks which device when there are several, and offers only those that can be acted on', () => {
    const other = formDevice({ id: 'd2', name: 'con-srv-01', fault: 'It cannot be reached.', actionCount: 9 });
    const { card } = requestDialog('isolate', cause, actionForm([formDevice(), other]));
    const [which] = ofType(card, 'Input.ChoiceSet');
    assert.deepEqual(which?.['choices'], [{ title: 'con-lap-0117', value: deviceId }]);
    assert.match(texts(card), /^con-srv-01\u2003\nIt cannot be reached\.$/m);
    const data = submitOf(card)?.['data'] as Record<string, unknown>;
    assert.deepEqual(data['actionCounts'], { [deviceId]: 4 });
    assert.equal('deviceId' in data, false);
  });

  it('shows why it cannot be done, and nothing to send', () => {
    const refused = requestDialog('isolate', cause, actionForm([formDevice({ fault: 'It is not onboarded.' })])).card;
    assert.match(texts(refused), /^It is not onboarded\.$/m);
    assert.deepEqual([inputsOf(refused), refused['actions']], [[], []]);
    const none = requestDialog('scan', cause, actionForm([])).card;
    assert.match(texts(none), /No device is known here/);
    assert.deepEqual(none['actions'], []);
  });

  it('stays small and inert whatever names devices and people have', () => {
    const name = '[x](https://evil.example) {{DATE(2026-01-01T00:00:00Z)}} '.repeat(500);
    const devices = Array.from({ length: 10 }, (_, i) =>
      formDevice({ id: `d${i}`, name, approvers: Array(50).fill(name) as string[] }),
    );
    for (const form of [actionForm(devices), actionForm(devices.slice(0, 1))]) {
      const { card } = requestDialog('isolate', cause, form);
      assert.ok(cardBytes(card) <= CARD_BYTES, `${cardBytes(card)}`);
      assert.doesNotMatch(JSON.stringify(card), /\{\{DATE/);
    }
  });
});
