/** The page's start: takes a login secret out of the address bar first, finds out who this tab is, then draws. */
import { render } from "preact";
import { App } from "./app";
import { spoken } from "./i18n/language";
import { followLink } from "./login/login-page";
import { takeSecret } from "./route";
import { recognise } from "./session/session";
import "./ui/styles";

const secret = takeSecret();
void (secret === null ? recognise() : followLink(secret));

void spoken.then(() => {
  const page = document.getElementById("page");
  page?.replaceChildren(); // the skeleton that stood there while this script came
  if (page) render(<App />, page);
});
