/** The login page: carries a link's secret to the server, or explains how one gets a link. Keeps no secret. */
import { inLanguage, words } from "../i18n/language";
import { logInByLink, recognise, standing } from "../session/session";
import { Notice } from "../ui/notice";
import { PageFrame, useTitle } from "../ui/page-frame";
import { Skeleton } from "../ui/skeleton";

let secretOfLink: string | null = null;

/** Logs in with the secret that the address bar held; it is forgotten unless the server could not be reached. */
export function followLink(secret: string): Promise<void> {
  secretOfLink = secret;
  return logInByLink(secret).finally(forgetWhenAnswered);
}

function forgetWhenAnswered(): void {
  const now = standing.value;
  if (now.is !== "refused" || now.problem.status === 401) secretOfLink = null;
}

const tryAgain = (): void => {
  void (secretOfLink === null ? recognise() : followLink(secretOfLink));
};

export function LoginPage() {
  const t = words.value.login;
  useTitle(`${t.title} · ${words.value.product}`);
  const now = standing.value;
  return (
    <PageFrame narrow>
      <h1>{t.title}</h1>
      {now.is === "working" || now.is === "unknown" ? <Working /> : <Explanation />}
    </PageFrame>
  );
}

function Working() {
  return (
    <>
      <p class="lead">{words.value.login.working}</p>
      <Skeleton lines={3} />
    </>
  );
}

function Explanation() {
  const t = words.value.login;
  return (
    <>
      <Standing />
      <p class="lead">{t.lead}</p>
      <section class="card" aria-labelledby="how">
        <h2 id="how">{t.howTitle}</h2>
        <ol class="steps">
          {t.how.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p class="quiet">{t.keepSecret}</p>
      </section>
    </>
  );
}

function Standing() {
  const t = words.value.login;
  const now = standing.value;
  if (now.is === "out" && now.why === "expired") return <Notice tone="warn" icon="warning" title={t.expired} />;
  if (now.is === "out" && now.why === "logged_out") return <Notice tone="good" icon="tick" title={t.loggedOut} />;
  if (now.is !== "refused") return null;
  if (now.problem.code === "bad_link") {
    return (
      <Notice tone="danger" icon="warning" title={t.badTitle}>
        {t.bad}
      </Notice>
    );
  }
  const again = (
    <button type="button" class="button" onClick={tryAgain}>
      {t.tryAgain}
    </button>
  );
  return (
    <Notice tone="warn" icon="warning" title={t.failedTitle} action={again}>
      {inLanguage(now.problem.titles)}
    </Notice>
  );
}
