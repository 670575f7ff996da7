import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';

import type { WireControl, WireField } from '../wire.js';

export type RunControl = (id: string, change: { values?: Record<string, string>; on?: boolean }) => Promise<void>;

/** "Make things happen": what the world outside does to the customer. */
export function Panel({ controls, onRun }: { controls: readonly WireControl[]; onRun: RunControl }): JSX.Element {
  const groups = [...new Set(controls.map((control) => control.group))];
  return (
    <>
      {groups.map((group) => (
        <section class="panel-group" key={group}>
          <h3>{group}</h3>
          {controls
            .filter((control) => control.group === group)
            .map((control) =>
              control.kind === 'toggle' ? (
                <Toggle key={control.id} control={control} onRun={onRun} />
              ) : (
                <ButtonForm key={control.id} control={control} onRun={onRun} />
              ),
            )}
        </section>
      ))}
      {controls.length === 0 && <p class="hint">There is nothing to make happen here.</p>}
    </>
  );
}

function Toggle({ control, onRun }: { control: WireControl; onRun: RunControl }): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  const change = async () => {
    setBusy(true);
    await onRun(control.id, { on: !control.isOn });
    setBusy(false);
  };
  return (
    <label class="toggle">
      <input type="checkbox" role="switch" checked={control.isOn} disabled={isBusy} onChange={() => void change()} />
      <span class="toggle-track" aria-hidden="true" />
      <span>
        {control.label}
        {control.hint !== undefined && <small>{control.hint}</small>}
      </span>
    </label>
  );
}

function ButtonForm({ control, onRun }: { control: WireControl; onRun: RunControl }): JSX.Element {
  const [values, setValues] = useState(() => initialValues(control.fields));
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await onRun(control.id, { values });
    setBusy(false);
  };
  return (
    <form
      class="panel-form"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      {control.fields.map((field) => (
        <Field
          key={field.id}
          field={field}
          value={values[field.id] ?? ''}
          onChange={(value) => setValues({ ...values, [field.id]: value })}
        />
      ))}
      <button type="submit" class={control.fields.length > 0 ? 'button button-primary' : 'button'} disabled={isBusy}>
        {control.label}
      </button>
      {control.hint !== undefined && <small>{control.hint}</small>}
    </form>
  );
}

function Field(props: { field: WireField; value: string; onChange: (value: string) => void }): JSX.Element {
  const { field, value, onChange } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      {field.type === 'choice' ? (
        <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {(field.choices ?? []).map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      ) : field.type === 'number' ? (
        <input
          id={id}
          type="number"
          value={value}
          min={field.min}
          max={field.max}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <input id={id} value={value} onInput={(event) => onChange(event.currentTarget.value)} />
      )}
    </div>
  );
}

function initialValues(fields: readonly WireField[]): Record<string, string> {
  return Object.fromEntries(
    fields.map((field) => [field.id, String(field.initial ?? field.choices?.[0]?.value ?? field.min ?? '')]),
  );
}
