/// How `review.html` looks: a dark room in which the proofs are the only colour.
///
/// Every pair of text and ground is above 4.5 : 1. An answer is told by shape first, then colour, then word.
enum ReviewStyle {
    static let text: Wording = """

        :root{color-scheme:dark;--ground:#161616;--panel:#1e1e1e;--raised:#282828;--line:#333;--text:#e9e6e1;--dim:#a29d95;
        --accent:#e3a44b;--yes:#7fb77e;--no:#e0675c;--some:#d8b25a;
        --sans:Inter,"Inter Variable",system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;background:var(--ground)}
        body{margin:0;background:var(--ground);color:var(--text);font:400 15px/1.45 var(--sans);
        font-variant-numeric:tabular-nums}
        p,h1,h2,figure,fieldset{margin:0;padding:0;border:0}
        :focus-visible{outline:2px solid var(--accent);outline-offset:1px}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        header{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;padding:12px 16px;background:var(--panel);
        border-bottom:1px solid var(--line)}
        h1{font:600 15px/1.45 var(--sans);overflow-wrap:anywhere}
        .count,.from{color:var(--dim)}
        .from{margin-left:auto}
        .note{max-width:44em;margin:0 auto;padding:16px;color:var(--text)}
        .note p{white-space:pre-line}
        .note p+p{margin-top:6px}
        article{padding:16px;border-bottom:1px solid var(--line)}
        figure{display:grid;place-items:center}
        figure img{display:block;max-width:100%;height:auto;border-radius:2px;background:var(--panel);
        -webkit-user-select:none;user-select:none}
        .said{display:flex;flex-wrap:wrap;gap:0 12px;justify-content:center;padding:8px 0 0;color:var(--dim);
        font-size:13px;overflow-wrap:anywhere}
        h2{font:500 13px/1.45 var(--sans)}
        .ask{display:none}
        .strip,footer{display:none}

        .on{height:100vh;height:100dvh;display:flex;flex-direction:column;overflow:hidden}
        .on main{flex:1 1 auto;min-height:0;display:flex;overflow:auto;touch-action:pan-y pinch-zoom}
        .on .note{flex:none;max-height:18vh;overflow:auto;font-size:14px;padding:8px 16px;width:100%}
        .on article{display:none;flex:1 1 auto;min-width:0;flex-direction:column;border:0;padding:12px 16px 8px}
        .on article.here{display:flex}
        .on figure{flex:1 1 0;min-height:150px}
        .on figure img{max-height:100%;width:auto;height:auto;max-width:100%;min-height:0;object-fit:contain}
        .on figure{position:relative}
        .on figure img{position:absolute;inset:0;margin:auto}
        .on .ask{display:flex;flex-wrap:wrap;gap:8px 16px;justify-content:center;align-items:center;padding:12px 0 4px}
        .on .strip{display:flex;flex:none;gap:4px;overflow-x:auto;padding:8px 12px;border-top:1px solid var(--line);
        scrollbar-width:thin;scrollbar-color:#555 transparent}
        .on footer{display:flex;flex:none;flex-wrap:wrap;gap:8px 12px;align-items:center;padding:8px 16px;
        border-top:1px solid var(--line);background:var(--panel);font-size:13px;color:var(--dim)}
        .foot{margin-left:auto}
        fieldset{display:inline-flex;align-items:stretch;min-width:0}
        legend{float:left;padding:0 10px 0 0;align-self:center;color:var(--dim)}
        .ask input[type=radio]{position:absolute;opacity:0;width:1px;height:1px}
        .ask label.yes,.ask label.no,.all button,.save{display:inline-flex;align-items:center;min-height:44px;padding:0 16px;
        font:600 15px/1 var(--sans);color:var(--text);background:var(--raised);border:1px solid var(--line);cursor:pointer}
        .ask label.yes{border-radius:6px 0 0 6px}
        .ask label.no{border-radius:0 6px 6px 0;border-left:0}
        .all{display:inline-flex;gap:8px}
        .all button,.save{border-radius:6px}
        .ask label.yes::before,.ask label.no::before,.all button::before{content:"";width:14px;height:14px;margin-right:8px;flex:none;
        border:1.5px solid var(--dim)}
        .yes::before{border-radius:50%}
        .no::before{border-radius:2px}
        .ask input:checked+label.yes{background:var(--yes);border-color:var(--yes);color:#10210f}
        .ask input:checked+label.no{background:var(--no);border-color:var(--no);color:#1c0503}
        .ask input:checked+label.yes::before{border-color:#10210f;background:#10210f;
        box-shadow:inset 0 0 0 2.5px var(--yes)}
        .ask input:checked+label.no::before{border-color:#1c0503;background:
        linear-gradient(#1c0503,#1c0503) center/8px 2px no-repeat}
        .ask input:focus-visible+label{outline:2px solid var(--accent);outline-offset:1px;z-index:1}
        .word{flex:0 1 320px;min-width:180px;display:block}
        .word span{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        textarea,footer input{width:100%;min-height:44px;padding:11px 14px;font:400 15px/1.35 var(--sans);color:var(--text);
        background:var(--panel);border:1px solid #6f6a63;border-radius:6px;resize:vertical}
        footer input{width:200px;min-height:36px;padding:6px 10px;font-size:14px;background:var(--ground)}
        ::placeholder{color:var(--dim);opacity:1}
        .save{min-height:36px;font-size:14px;border-color:var(--accent)}
        .strip a{position:relative;flex:none;display:block;border:2px solid transparent;border-radius:4px;line-height:0}
        .strip img{height:58px;width:auto;border-radius:2px;background:var(--panel)}
        .strip a.here{border-color:var(--accent)}
        .mark{position:absolute;left:6px;bottom:6px;width:16px;height:16px;display:none;border:1.5px solid #161616}
        .done .mark,.part .mark{display:block}
        .mark.yes{background:var(--yes);border-radius:50%}
        .mark.yes::before{content:"";position:absolute;left:3.5px;top:1px;width:4px;height:8px;border:solid #10210f;
        border-width:0 2px 2px 0;border-radius:0;transform:rotate(40deg)}
        .mark.no{background:var(--no);border-radius:2px}
        .mark.no::before{content:"";position:absolute;left:2.5px;right:2.5px;top:5.5px;height:2px;background:#1c0503;
        border:0;border-radius:0}
        .mark.some{background:linear-gradient(90deg,var(--some) 50%,#161616 50%);border-radius:50%;border-color:var(--some)}
        @media (max-width:640px){
        .from{margin-left:0}
        header{padding:8px 12px}
        .on article{padding:8px 8px 4px}
        .on .ask{gap:8px;padding-top:8px}
        .word{flex:1 1 100%}
        .ask label.yes,.ask label.no,.all button{padding:0 12px}
        .strip img{height:44px}
        footer input{width:130px}
        .foot{margin-left:0;font-size:12px}
        }
        @media (max-height:520px){.on{height:auto;overflow:auto}.on figure{min-height:70vh}.strip,.on footer{position:static}}
        @media (forced-colors:active){.ask input:checked+label{outline:3px solid}}

        """
}
