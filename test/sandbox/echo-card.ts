/** State of the one alert that the echo bot looks after. */
export interface EchoAlert {
  readonly number: number;
  readonly title: string;
  readonly severity: 'Critical' | 'High' | 'Medium';
  readonly device: string;
  status: 'open' | 'assigned' | 'investigating' | 'closed';
  assignee: string | null;
  version: number;
  readonly firstSeen: string;
}

const looks = {
  Critical: { style: 'attention', color: 'attention', icon: '⬥' },
  High: { style: 'warning', color: 'warning', icon: '▲' },
  Medium: { style: 'accent', color: 'accent', icon: '●' },
} as const;

export function alertCard(alert: EchoAlert, responders: readonly string[]): Record<string, unknown> {
  const look = looks[alert.severity];
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    fallbackText: `${alert.severity}: ${alert.title}`,
    refresh: { action: execute('Refresh', 'refresh', alert), userIds: responders },
    body: [
      {
        type: 'ColumnSet',
        columns: [
          {
            type: 'Column',
            width: 'stretch',
            items: [
              {
                type: 'TextBlock',
                text: `${look.icon} ${alert.severity} · A-${alert.number}`,
                color: look.color,
                weight: 'bolder',
                spacing: 'none',
              },
              {
                type: 'TextBlock',
                text: alert.title,
                size: 'large',
                weight: 'bolder',
                wrap: true,
                style: 'heading',
                spacing: 'small',
              },
            ],
          },
          {
            type: 'Column',
            width: 'auto',
            items: [
              {
                type: 'TextBlock',
                text: alert.status === 'open' ? 'Open' : `${alert.status} · ${alert.assignee ?? ''}`,
                isSubtle: true,
                size: 'small',
                horizontalAlignment: 'right',
              },
            ],
          },
        ],
      },
      {
        type: 'FactSet',
        facts: [
          { title: 'Device', value: `${alert.device} · risk **High** · not isolated` },
          { title: 'User', value: 'j.doe@contoso.example' },
          { title: 'Threat', value: 'Ransom:Win32/Conti' },
          { title: 'First seen', value: `{{DATE(${alert.firstSeen}, SHORT)}} {{TIME(${alert.firstSeen})}}` },
          { title: 'Seen', value: '3 times, last 2 minutes ago' },
        ],
      },
      ...(alert.assignee === null
        ? []
        : [{ type: 'TextBlock', text: `<at>${alert.assignee}</at> is on it.`, wrap: true }]),
      {
        type: 'Container',
        id: 'playbook',
        isVisible: false,
        style: 'emphasis',
        items: [
          { type: 'TextBlock', text: 'Playbook: ransomware', weight: 'bolder' },
          {
            type: 'TextBlock',
            text: '1. Isolate the device\n2. Collect the investigation package\n3. Reset the credentials of the user',
            wrap: true,
          },
        ],
      },
    ],
    actions: buttons(alert),
    msteams:
      alert.assignee === null
        ? {}
        : {
            entities: [
              {
                type: 'mention',
                text: `<at>${alert.assignee}</at>`,
                mentioned: { id: alert.assignee, name: alert.assignee },
              },
            ],
          },
  };
}

function buttons(alert: EchoAlert): Record<string, unknown>[] {
  const main =
    alert.status === 'open'
      ? [execute('Assign to me', 'take', alert, 'positive')]
      : [execute('Start investigation', 'investigate', alert, 'positive')];
  const dialog = {
    type: 'Action.Submit',
    title: 'Close…',
    data: { msteams: { type: 'task/fetch' }, verb: 'close', alert: alert.number },
  };
  return [
    ...(alert.status === 'closed' ? [] : [...main, dialog]),
    { type: 'Action.ToggleVisibility', title: 'Playbook', targetElements: ['playbook'] },
    { type: 'Action.OpenUrl', title: 'Open in Defender', url: 'https://security.microsoft.com/alerts' },
  ];
}

function execute(title: string, verb: string, alert: EchoAlert, style = 'default'): Record<string, unknown> {
  const data = { verb, alert: alert.number, version: alert.version };
  return { type: 'Action.Execute', title, verb, style, data, fallback: { type: 'Action.Submit', title, data } };
}

export function closeForm(alert: EchoAlert): Record<string, unknown> {
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [
      { type: 'TextBlock', text: `A-${alert.number}: ${alert.title}`, weight: 'bolder', wrap: true },
      {
        type: 'Input.ChoiceSet',
        id: 'outcome',
        label: 'Outcome',
        isRequired: true,
        errorMessage: 'Choose an outcome.',
        value: 'false_positive',
        choices: [
          { title: 'False positive', value: 'false_positive' },
          { title: 'Benign', value: 'benign' },
        ],
      },
      {
        type: 'Input.Text',
        id: 'notes',
        label: 'Notes',
        isMultiline: true,
        isRequired: true,
        placeholder: 'What did you find?',
        errorMessage: 'Write at least a sentence.',
      },
    ],
    actions: [
      { type: 'Action.Submit', title: 'Close alert', style: 'positive', data: { verb: 'close', alert: alert.number } },
    ],
  };
}
