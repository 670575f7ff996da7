import type { ActionView } from '../domain/actions/action.js';
import { actionMove, actionVerbNames, reviewable } from '../domain/actions/life-cycle.js';
import type { ActionVerb } from '../domain/actions/life-cycle.js';
import { actionFacts, detailsSection, drawAsked } from './action-facts.js';
import { actionLimits } from './action-limits.js';
import type { ActionLimits } from './action-limits.js';
import { drawStanding, liveSentence } from './action-state.js';
import { lookOf, kindLooks } from './action-words.js';
import { actionButtons, BUTTONS, deviceButtons, dialogButton, drawButtons } from './buttons.js';
import type { EntityData } from './buttons.js';
import { drawWithin } from './card.js';
import type { Card, CardContent, CardOptions } from './card.js';
import { historySection } from './details.js';
import { drawCard, drawDetails, drawFacts, drawNoticeLine, entityData, openUrl, withRefresh } from './layout.js';
import { expand } from './templates.js';
import { asPlain, asRun, deviceLink } from './text.js';
import { utcTime } from './times.js';
import { actionName } from './words.js';

/** The one card of a device action: the same function draws it when it is posted, updated and refreshed. */
export function drawActionCard(view: ActionView, options: CardOptions = {}): Card {
  return drawWithin(actionLimits, (limits) => drawAction(view, options, limits));
}

function drawAction(view: ActionView, options: CardOptions, limits: ActionLimits): Card {
  const { action } = view;
  const data = entityData('action', action);
  const title = kindLooks[action.kind].title;
  const card = drawCard({
    about: 'action',
    fallbackText: fallbackOf(view),
    summary: `${actionName(action.number)} · ${title} ${asRun(view.device?.name, 80)} · ${stateWords(view)}`,
    body: drawBody(view, options, limits),
    actions: drawActions(view, data),
  });
  return withRefresh(card, data, options.refreshFor);
}

function drawBody(view: ActionView, options: CardOptions, limits: ActionLimits): CardContent[] {
  const sections = [detailsSection(view, limits), historySection(view.history, limits.reason)];
  const link = deviceLink(view.device?.microsoftDeviceId ?? null, view.entraTenantId);
  return [
    ...drawNoticeLine(options.notice),
    drawHeader(view, limits),
    ...drawStanding(view),
    drawFacts(actionFacts(view, limits)),
    ...drawAsked(view, limits),
    ...drawDetails(sections, openUrl('Open device in Defender', link)),
  ];
}

function drawHeader(view: ActionView, limits: ActionLimits): CardContent {
  const { action, device, tenantName } = view;
  const { style, color } = lookOf(action);
  const isDryDone = action.isDryRun && action.status === 'completed';
  const { icon, title } = kindLooks[action.kind];
  return expand('header', {
    style: isDryDone ? 'emphasis' : style,
    color,
    severity: `${icon} ${title}`,
    name: actionName(action.number),
    status: stateWords(view),
    title: asRun(device?.name, limits.title) || 'Device without a name',
    tenant: asRun(tenantName, 80),
  });
}

function stateWords({ action }: ActionView): string {
  const { icon, word } = lookOf(action);
  return action.isDryRun ? `${icon} ${word} (dry run)` : `${icon} ${word}`;
}

/** Whether the person may is judged on the click; these fit the state. */
export function actionVerbs({ action }: ActionView): ActionVerb[] {
  const fits = (verb: ActionVerb) =>
    verb === 'action.review' ? reviewable(action) : actionMove(verb, action.status) !== null;
  return actionVerbNames.filter(
    (verb) => fits(verb) && !(verb === 'action.cancel' && action.cancelRequestedAt !== null),
  );
}

function drawActions(view: ActionView, data: EntityData): CardContent[] {
  const { device, action } = view;
  const { tenantId } = action;
  const release = mayHaveIsolated(view)
    ? [dialogButton(deviceButtons['device.release'].title, { verb: 'device.release', ...data })]
    : [];
  const show = device
    ? [
        dialogButton('Device', {
          verb: 'device.show',
          ...entityData('device', { tenantId, id: device.id, version: 0 }),
        }),
      ]
    : [];
  return [...drawButtons(actionButtons, actionVerbs(view), data), ...release, ...show].slice(0, BUTTONS);
}

/** Its isolation stands, or nobody knows that it does not. */
function mayHaveIsolated({ action, device }: ActionView): boolean {
  if (action.kind !== 'isolate' || action.isDryRun || device?.isolation === 'not_isolated') return false;
  return action.status === 'completed' || action.status === 'unknown' || action.lateOutcome !== null;
}

function fallbackOf(view: ActionView): string {
  const { action, device, requester } = view;
  return [
    `${kindLooks[action.kind].title} ${actionName(action.number)}: ${asPlain(device?.name, 80)}. ${stateWords(view)}.`,
    liveSentence(view),
    action.isDryRun ? 'Dry run: nothing is sent to Microsoft.' : '',
    `Requested by ${asPlain(requester.displayName, 60)}, ${utcTime(action.requestedAt)}: ${asPlain(action.reason, 200)}`,
  ]
    .filter(Boolean)
    .join(' ');
}
