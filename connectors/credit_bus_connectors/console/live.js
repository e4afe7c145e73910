// Shows what is new without a reload: asks for the same page again and takes its main part.
// Without it the page is as it was when it was opened; nothing else needs it.
"use strict";
(() => {
  const everyMilliseconds = 5000;
  const main = document.getElementById("main");
  const note = document.getElementById("live");
  if (!main || !note) return;

  const isBusy = () =>
    document.hidden || main.contains(document.activeElement) || String(getSelection());

  async function look() {
    if (isBusy()) return;
    try {
      const answer = await fetch(location.href, {
        redirect: "error", // a session that is over leads to the login
        signal: AbortSignal.timeout(everyMilliseconds),
      });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("main");
      if (!isBusy()) main.replaceChildren(...fresh.childNodes);
      note.textContent = "自动更新";
      note.className = "live";
    } catch {
      note.textContent = "连接中断，显示的是此前的情况；登录已过期的，请刷新页面";
      note.className = "live broken";
    }
  }
  setInterval(look, everyMilliseconds);
})();
