import { cardOptions, drawAction, drawAlert, drawIncident } from '../actions/drawn.js';
import type { ActionView } from '../../domain/actions/action.js';
import type { AlertView } from '../../domain/alerts/alert-view.js';
import type { IncidentView } from '../../domain/incidents/incident.js';
import type { Changed, Click } from '../../domain/services.js';
import { actor, answer, clickOn, entityAt } from './command.js';
import type { CommandCall, Reply } from './command.js';

/** Runs an act on the alert named first, and answers with what became of it. */
export async function onAlert(
  call: CommandCall,
  usage: string,
  act: (click: Click, view: AlertView) => Promise<Changed<AlertView>>,
): Promise<Reply> {
  const { number } = entityAt(call, 0, 'alert', usage);
  const who = await actor(call);
  const view = await call.services.alerts.findByNumber(who, number);
  const changed = await act(clickOn(call, who, view.alert.id), view);
  return answer(call, drawAlert(changed.view, cardOptions(call)));
}

/** The same for an incident; `place` is the word that names it. */
export async function onIncident(
  call: CommandCall,
  usage: string,
  act: (click: Click, view: IncidentView) => Promise<Changed<IncidentView>>,
  place = 0,
): Promise<Reply> {
  const { number } = entityAt(call, place, 'incident', usage);
  const who = await actor(call);
  const view = await call.services.incidents.findByNumber(who, number);
  const changed = await act(clickOn(call, who, view.incident.id), view);
  return answer(call, drawIncident(changed.view, cardOptions(call)));
}

/** The same for a device action. */
export async function onAction(
  call: CommandCall,
  usage: string,
  act: (click: Click, view: ActionView) => Promise<Changed<ActionView>>,
): Promise<Reply> {
  const { number } = entityAt(call, 0, 'action', usage);
  const who = await actor(call);
  const view = await call.services.actions.findByNumber(who, number);
  const changed = await act(clickOn(call, who, view.action.id), view);
  return answer(call, drawAction(changed.view, cardOptions(call)));
}
