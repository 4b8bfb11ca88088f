// Everything that a page does in the browser beyond links, forms and htmx.
import "./js/anchors.js";
import "./js/chips.js";
import "./js/copy.js";
import "./js/dialogs.js";
import "./js/keyboard.js";
import "./js/live.js";
import "./js/preview.js";
import "./js/toasts.js";
import "./js/totals.js";
import "./js/zone.js";
