// Starts the portal. A file of its own, so that the page needs no inline script.
import start from "./vidimus-portal.js";

try {
  await start({ module_or_path: new URL("./vidimus-portal_bg.wasm", import.meta.url) });
} catch (error) {
  const message = document.createElement("p");
  message.className = "measure";
  message.setAttribute("role", "alert");
  message.textContent = `The page could not be started in this browser (${error}). Use a current browser, or the command line.`;
  document.body.append(message);
}
