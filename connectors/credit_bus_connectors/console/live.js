// Shows what is new without a reload: asks for the same page again and takes its main part.
// Without it the page is as it was when it was opened; nothing else needs it.
"use strict";
(() => {
  const everyMilliseconds = 5000;
  const controls = "a[href], button, input, select, textarea, [tabindex]";
  const main = document.getElementById("main");
  const note = document.getElementById("live");
  if (!main || !note) return;

  const tell = (text, mark) => {
    if (note.textContent !== text) note.textContent = text; // else it would be read aloud again
    note.className = `live ${mark}`;
  };
  const isChanged = (field) => {
    if (!field.options) return field.value !== field.defaultValue;
    const first = [...field.options].find((each) => each.defaultSelected) ?? field.options[0];
    return field.value !== first.value;
  };
  // Whoever fills in or marks something would lose it; a link or a button with the focus loses nothing.
  const isBusy = () => {
    const marked = getSelection();
    const fields = [...main.querySelectorAll("input:not([type=hidden]), select, textarea")];
    return (
      fields.some((each) => each === document.activeElement || isChanged(each)) ||
      (!marked.isCollapsed && marked.containsNode(main, true))
    );
  };
  const nameOf = (it) =>
    [it.tagName, it.id, it.getAttribute("href"), it.form?.getAttribute("action")].join(" ");
  const alike = (it) =>
    [...main.querySelectorAll(controls)].filter((each) => nameOf(each) === nameOf(it));

  function put(fresh) {
    const held = main.contains(document.activeElement) ? document.activeElement : null;
    const place = held ? alike(held).indexOf(held) : -1;
    main.replaceChildren(...fresh.childNodes);
    if (held) alike(held)[place]?.focus({ preventScroll: true });
  }

  async function look() {
    if (document.hidden) return;
    if (isBusy()) return tell("已暂停更新：正在填写或者选取内容", "paused");
    try {
      const answer = await fetch(location.href, {
        headers: { "x-refresh": "1" }, // by no hand: it keeps no session alive
        redirect: "manual", // a session that is over leads to the login
        signal: AbortSignal.timeout(everyMilliseconds),
      });
      if (answer.type === "opaqueredirect")
        return tell("登录已过期，显示的是此前的情况，请刷新页面后重新登录", "broken");
      if (!answer.ok && answer.status !== 404) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (isBusy()) return;
      put(page.getElementById("main"));
      tell("自动更新", "");
    } catch {
      tell("连接中断，显示的是此前的情况", "broken");
    }
  }
  setInterval(look, everyMilliseconds);
  document.addEventListener("visibilitychange", look);
})();
