/** What somebody sees whom the judge has ordered to leave: that it is so, what stays, whom to ask. */
import { useEffect } from "preact/hooks";
import { words } from "../i18n/language";
import { announce } from "../ui/announcer";
import { Icon } from "../ui/icons";
import { Link } from "../ui/link";
import { PageFrame } from "../ui/page-frame";

export function Removed() {
  const t = words.value;
  useEffect(() => announce(t.removed.title), [t]);
  return (
    <PageFrame narrow>
      <section class="waiting waiting-isolated waiting-removed" aria-labelledby="removed">
        <span class="waiting-mark">
          <Icon name="shield" />
        </span>
        <h1 id="removed">{t.removed.title}</h1>
        <p class="lead">{t.removed.body}</p>
        <p>{t.removed.next}</p>
        <p>
          <Link to="/hearings">{t.hearing.back}</Link>
        </p>
      </section>
    </PageFrame>
  );
}
