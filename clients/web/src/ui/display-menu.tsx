/** Language, appearance, text size and logging out, in one menu on every page. */
import type { ComponentChildren } from "preact";
import { chooseLanguage, inLanguage, LANGUAGES, language, words } from "../i18n/language";
import { logOut, logOutProblem, standing } from "../session/session";
import { chooseTextSize, chooseTheme, TEXT_SIZES, THEMES, textSize, theme } from "./appearance";
import { Choice } from "./choice";
import { Menu } from "./menu";

/** `children`: what a page alone has to choose. */
export function DisplayMenu({ children }: { children?: ComponentChildren }) {
  const t = words.value.display;
  return (
    <Menu label={t.menu} icon="settings" isQuiet>
      {() => (
        <div class="display-panel">
          <Account />
          <Choice
            legend={t.language}
            options={LANGUAGES.map(({ language: value, name, tag }) => ({ value, name, lang: tag }))}
            chosen={language.value}
            choose={chooseLanguage}
          />
          <Choice
            legend={t.theme}
            options={THEMES.map((value) => ({ value, name: t.themes[value] }))}
            chosen={theme.value}
            choose={chooseTheme}
          />
          <Choice
            legend={t.textSize}
            options={TEXT_SIZES.map((value) => ({ value, name: t.textSizeOf(value) }))}
            chosen={textSize.value}
            choose={chooseTextSize}
          />
          {children}
        </div>
      )}
    </Menu>
  );
}

function Account() {
  const t = words.value.display;
  const now = standing.value;
  if (now.is !== "in") return null;
  return (
    <div class="display-account">
      <span>{t.signedInAs(now.session.person.name)}</span>
      <button type="button" class="button button-small" onClick={() => void logOut()}>
        {t.logout}
      </button>
      <p class="quiet">{t.logoutHint}</p>
      {logOutProblem.value && <p role="alert">{inLanguage(logOutProblem.value.titles)}</p>}
    </div>
  );
}
