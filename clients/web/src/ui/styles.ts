/** All style sheets in their order: tokens, the plain elements, then the parts. */
import "./tokens.css";
import "./base.css";
import "./controls.css";
import "../hearings/hearings.css";
import "../hearing/hearing.css";
import "../media/place.css";
import "../hearing/roster.css";
import "../hearing/command.css";
import "../hearing/orders.css";
import "../transcript/transcript.css";
import "./forced-colors.css";
import "../hearing/print.css";
