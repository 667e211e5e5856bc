/** A row of radio buttons that looks like one control: one of few. */
import { useId } from "preact/hooks";

interface Option<T> {
  value: T;
  name: string;
  lang?: string;
}

interface Props<T> {
  legend: string;
  options: ReadonlyArray<Option<T>>;
  chosen: T;
  choose: (value: T) => void;
}

export function Choice<T extends string | number>({ legend, options, chosen, choose }: Props<T>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class="choice-row">
        {options.map((option) => (
          <label key={option.value} class="choice-option" lang={option.lang}>
            <input
              type="radio"
              name={name}
              checked={option.value === chosen}
              onChange={() => choose(option.value)}
            />
            <span>{option.name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
