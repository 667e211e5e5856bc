/** Which page stands on the screen, by the address and the login. */
import { useEffect, useRef } from "preact/hooks";
import { HearingPage } from "./hearing/hearing-page";
import { HearingsPage } from "./hearings/hearings-page";
import { words } from "./i18n/language";
import { LoginPage } from "./login/login-page";
import { type Route, route } from "./route";
import { type Session, standing } from "./session/session";
import { Announcer } from "./ui/announcer";
import { laterPage } from "./ui/later";
import { Link } from "./ui/link";
import { Notice } from "./ui/notice";
import { PageFrame } from "./ui/page-frame";
import { Skeleton } from "./ui/skeleton";

const DevicePage = laterPage(async () => (await import("./devices/device-page")).DevicePage);
const PlaybackPage = laterPage(async () => (await import("./playback/playback-page")).PlaybackPage);

export function App() {
  return (
    <>
      <Announcer />
      <Page />
    </>
  );
}

/** A new page takes the focus, so that a screen reader reads on from its start; the first one leaves it to the browser. */
function useFocusOnArrival(address: string): void {
  const before = useRef(address);
  useEffect(() => {
    if (before.current !== address) document.getElementById("main")?.focus();
    before.current = address;
  }, [address]);
}

function Page() {
  const here = route.value;
  useFocusOnArrival("hearing" in here ? `${here.page} ${here.hearing}` : here.page);
  const now = standing.value;
  if (here.page === "login") return <LoginPage />;
  if (now.is === "in") return <OwnPage here={here} session={now.session} />;
  if (now.is === "refused") return <LoginPage />;
  return (
    <PageFrame>
      <Skeleton lines={6} />
    </PageFrame>
  );
}

function OwnPage({ here, session }: { here: Route; session: Session }) {
  if (here.page === "hearing") {
    return <HearingPage key={`${session.session} ${here.hearing}`} hearing={here.hearing} me={session.person.id} />;
  }
  if (here.page === "devices") return <DevicePage key={here.hearing} hearing={here.hearing} me={session.person.id} />;
  if (here.page === "recording") return <PlaybackPage key={here.hearing} hearing={here.hearing} />;
  return here.page === "hearings" ? <HearingsPage /> : <Unknown />;
}

function Unknown() {
  const t = words.value.hearing;
  return (
    <PageFrame narrow>
      <h1>{t.addressTitle}</h1>
      <Notice tone="calm" icon="warning" title={t.address} action={<Link to="/hearings">{t.back}</Link>} />
    </PageFrame>
  );
}
