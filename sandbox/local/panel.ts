import type { SandboxCloud } from '../cloud/cloud.js';
import type { PanelButton, PanelControl, PanelValues } from '../console/panel.js';
import type { PretendTeams } from '../teams/pretend-teams.js';
import { deviceControls } from './panel-devices.js';
import { faultControls } from './panel-faults.js';

const hostileTitle =
  '[Re-authenticate here](https://evil.example) ![x](https://evil.example/p.png) <at>everyone</at> {{DATE(2026-01-01)}} ${severity} \u202Etxt.exe';

/** Which customer the person is looking at, as an Entra tenant id. */
export type CustomerOf = (conversationId: string) => string;

/** What can be made to happen from the console: alerts and devices at Microsoft, faults there, mishaps in Teams. */
export function sandboxPanel(cloud: SandboxCloud, teams: PretendTeams, customerOf: CustomerOf): PanelControl[] {
  return [
    ...alertControls(cloud, customerOf),
    ...deviceControls(cloud, customerOf),
    ...faultControls(cloud),
    ...teamsControls(teams),
  ];
}

const severity = {
  id: 'severity',
  label: 'Severity',
  type: 'choice' as const,
  choices: ['any', 'high', 'medium', 'low', 'informational'].map((value) => ({ value, label: capital(value) })),
};
const count = { id: 'count', label: 'How many', type: 'number' as const, min: 2, max: 200, initial: 10 };

function alertControls(cloud: SandboxCloud, customerOf: CustomerOf): PanelButton[] {
  const button = (
    [id, label, hint]: readonly [string, string, string],
    fields: PanelButton['fields'],
    run: (customer: string, values: PanelValues) => string,
  ): PanelButton => ({
    id,
    label,
    hint,
    group: 'Alerts of this customer',
    kind: 'button',
    fields,
    run: (values, context) => Promise.resolve(run(customerOf(context.conversationId), values)),
  });
  return [
    button(['raise', 'Raise an alert', 'Defender finds something new.'], [severity], (customer, values) => {
      const wanted = String(values['severity']);
      const alert = cloud.raiseAlert(customer, wanted === 'any' ? undefined : { severity: wanted });
      return `Raised: ${String(alert['title'])}`;
    }),
    button(['repeat', 'Repeat the newest', 'The same alert is seen again.'], [], (customer) => {
      return `Seen again: ${String(cloud.repeatAlert(customer)['title'])}`;
    }),
    button(['burst', 'Burst', 'Many different alerts at once.'], [count], (customer, values) => {
      return `Raised ${cloud.burst(customer, Number(values['count'])).length} alerts.`;
    }),
    button(['resolve', 'Resolve the newest', 'Somebody resolves it in the Defender portal.'], [], (customer) => {
      const newest = cloud.alerts(customer).at(-1);
      if (!newest?.id) return 'There is no alert yet.';
      cloud.updateAlert(customer, newest.id, { status: 'resolved' });
      return `Resolved: ${String(newest['title'])}`;
    }),
    button(['hostile', 'Alert with hostile text', 'An attacker chose its title.'], [], (customer) => {
      cloud.raiseAlert(customer, { title: hostileTitle, severity: 'high' });
      return 'Raised an alert whose title tries to be a link, an image and a mention.';
    }),
  ];
}

function teamsControls(teams: PretendTeams): PanelButton[] {
  const button = (
    id: string,
    label: string,
    hint: string,
    run: (conversationId: string) => Promise<string>,
  ): PanelButton => ({
    id,
    label,
    hint,
    group: 'Teams',
    kind: 'button',
    run: (_values, context) => run(context.conversationId),
  });
  return [
    button('throttle-teams', 'Throttle the channel', 'The next 3 calls are answered 429', (conversationId) => {
      teams.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 3, times: 3, conversationId });
      return Promise.resolve('The next 3 calls for this conversation are throttled for 3 s each.');
    }),
    button('delete-card', 'Delete the newest post', 'Somebody deletes it in Teams', (conversationId) => {
      const newest = teams.messages(conversationId).at(-1);
      if (!newest) return Promise.resolve('There is no post here yet.');
      teams.deleteActivity(newest.id);
      return Promise.resolve('Deleted. When the alert changes, its card is posted anew.');
    }),
    button('remove-app', 'Remove the app', 'From the team this channel belongs to', async (conversationId) => {
      await teams.removeApp(conversationId);
      return 'Removed. Nothing is delivered here until it returns.';
    }),
    button('add-app', 'Add the app again', 'Open cards are posted once more', async (conversationId) => {
      await teams.addApp(conversationId);
      return 'Added.';
    }),
  ];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
