/// How `index.html` looks.
///
/// The photographs are the only colour. Every pair of text and ground is above 4.5 : 1.
enum GalleryStyle {
    static let text: Wording = """

        :root{--paper:#faf9f7;--ink:#1a1a1a;--dim:#5e5a54;--line:#d9d6d1;--accent:#9a5f0b;--gap:6px;
        --serif:"EB Garamond","EB Garamond 12",Garamond,"Adobe Garamond Pro","Iowan Old Style","Palatino Linotype",Palatino,\
        "Book Antiqua","Gentium Book Basic",Cardo,"Noto Serif","Liberation Serif",Georgia,serif;
        --sans:Inter,"Inter Variable",system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:400 18px/1.45 var(--serif);
        font-variant-numeric:lining-nums;text-rendering:optimizeLegibility}
        p{margin:0}
        a{color:inherit}
        :focus-visible{outline:2px solid var(--accent);outline-offset:1px}
        header,main,footer{width:min(84%,1320px);margin:0 auto}
        h1{margin:0;font-weight:500;font-size:clamp(38px,4.9vw,64px);line-height:1.05;letter-spacing:-.005em;
        overflow-wrap:anywhere}
        .words p{margin-top:16px;font:400 14px/1.45 var(--sans)}
        header:not(.hero){padding:72px 0 24px}
        .hero{position:relative;width:100%;height:calc(100vw/max(var(--ratio),1.9));min-height:300px;max-height:72vh;overflow:hidden;background:#2a2723}
        .hero img{display:block;width:100%;height:100%;object-fit:cover}
        .hero::after{content:"";position:absolute;inset:0;background:
        radial-gradient(ellipse 75% 125% at 0 100%,rgba(10,8,6,.8) 0,rgba(10,8,6,.66) 35%,rgba(10,8,6,.42) 62%,rgba(10,8,6,0) 100%)}
        .hero .words{position:absolute;z-index:1;left:5vw;right:5vw;bottom:clamp(24px,3.6vw,48px);color:#fff;
        text-shadow:0 1px 14px rgba(0,0,0,.45)}
        .opening{width:min(100%,25em);margin:40px auto 0}
        .opening p+p{margin-top:.8em}
        .wall{margin:40px 0 0}
        .row{display:flex;gap:var(--gap);margin:0 auto var(--gap);max-width:calc(var(--sum)*620px)}
        .work{margin:0;min-width:0;flex:var(--ratio) 1 0}
        .work a{display:block;position:relative;border-radius:2px}
        .work img{display:block;width:100%;height:auto;background:var(--color);border-radius:2px}
        figcaption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        cite{font-style:italic}
        .clip{position:absolute;inset:auto 0 0;padding:28px 10px 7px;color:#fff;font:500 12px/1.3 var(--sans);
        font-variant-numeric:tabular-nums;background:linear-gradient(to top,rgba(10,8,6,.82),rgba(10,8,6,.6) 55%,rgba(10,8,6,0));
        border-radius:0 0 2px 2px}
        .sounds ul{list-style:none;margin:40px 0 0;padding:0;display:grid;gap:16px}
        .sounds audio{display:block;width:min(100%,420px);margin-top:8px}
        .list{margin:72px 0 0;border-top:1px solid var(--ink);padding-top:16px}
        h2{margin:0 0 24px;font:600 15px/1.45 var(--sans)}
        .list ol{list-style:none;margin:0;padding:0;display:grid;gap:28px 40px;
        grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr))}
        .list li{display:grid;grid-template-columns:2.2em 1fr;font-size:17px;line-height:1.4;min-width:0}
        .number{font:500 13px/24px var(--sans);color:var(--dim);font-variant-numeric:tabular-nums}
        .label{min-width:0;overflow-wrap:anywhere}
        .label .title a{text-decoration-color:var(--line);text-decoration-thickness:1px;text-underline-offset:3px}
        .label .title a:hover{text-decoration-color:currentColor}
        .label .text{margin-top:6px;white-space:pre-line}
        .label .credit{margin-top:6px;font-size:15px;color:var(--dim)}
        footer{margin-top:72px;padding:16px 0 40px;border-top:1px solid var(--line);color:var(--dim);font:400 13px/1.45 var(--sans)}
        #loupe{width:100%;height:100vh;height:100dvh;max-width:none;max-height:none;margin:0;padding:0;border:0;
        background:#161616;color:#e9e6e1;--accent:#e3a44b;--dim:#a29d95;--line:#555;overflow:hidden}
        html:has(#loupe[open]){overflow:hidden}
        #loupe[open]{display:grid;grid-template-rows:minmax(0,1fr) auto}
        #loupe::backdrop{background:#161616}
        .stage{position:relative;min-height:0;--edge:24px;touch-action:pan-y pinch-zoom}
        .stage img,.stage video{position:absolute;left:var(--edge);top:var(--edge);width:calc(100% - 2*var(--edge));
        height:calc(100% - var(--edge));object-fit:scale-down}
        .stage video{object-fit:contain}
        .stage [hidden]{display:none}
        .plate{display:flex;gap:24px;align-items:flex-end;justify-content:space-between;padding:16px 24px 20px}
        .said{min-width:0;max-height:26vh;overflow:auto;font-size:17px;line-height:1.4;overflow-wrap:anywhere}
        .said .fact{display:inline}
        .said .fact+.fact::before{content:" · ";color:var(--dim)}
        .said .title{font-size:20px}
        .said .title a{text-decoration:none}
        .said .title a:hover{text-decoration:underline}
        .said .credit{font-size:15px;color:var(--dim);margin-top:4px}
        .said .text{max-width:36em;margin-top:4px}
        nav{flex:none;display:flex;gap:8px;align-items:center;font:400 13px/1.45 var(--sans);font-variant-numeric:tabular-nums}
        .count{margin-right:8px;color:var(--dim);white-space:nowrap}
        button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:6px;padding:7px 12px;cursor:pointer}
        button:hover{border-color:currentColor}
        @media(max-width:759px){
        body{font-size:17px}
        header,main,footer{width:calc(100% - 32px)}
        .hero .words{left:20px;right:20px}
        .wall{display:flex;flex-wrap:wrap;gap:var(--gap)}
        .row{display:contents}
        .work{flex:var(--ratio) 1 calc(var(--ratio)*150px);max-width:calc(var(--ratio)*440px)}
        .stage{--edge:12px}
        .plate{flex-direction:column;align-items:stretch;gap:12px;padding:12px 16px 16px}
        nav .count{margin-right:auto}
        nav button{padding:10px 12px}
        }
        @media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
        @media print{
        @page{margin:15mm}
        body{background:#fff;font-size:11pt}
        header,main,footer{width:100%}
        header.hero{height:auto;min-height:0;overflow:visible;background:none}
        .hero img,.hero::after,dialog,.clip,audio{display:none}
        .hero .words{position:static;color:#000;text-shadow:none}
        .opening{margin:8mm 0 0}
        .wall{display:block;margin-top:8mm}
        .row{display:flex;break-inside:avoid}
        .work{break-inside:avoid}
        .work img{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        .list{margin-top:10mm}
        .list ol{grid-template-columns:1fr 1fr;gap:6mm 10mm}
        .list li{break-inside:avoid;font-size:10.5pt}
        .list a{text-decoration:none}
        footer{margin-top:10mm;padding-bottom:0}
        }

        """

    /// Over the pictures, under each of them, and on every sheet that is printed.
    static let notCleared: Wording = """

        .warning{margin:24px 0 0;padding:12px 16px;border:2px solid #a3271f;color:#a3271f;font:400 15px/1.45 var(--sans)}
        .held figcaption{position:static;width:auto;height:auto;clip-path:none;padding:5px 0 8px;
        font:400 13px/1.4 var(--sans);overflow-wrap:anywhere;white-space:normal}
        .held figcaption .number{line-height:inherit}
        .stamp{display:block;color:#a3271f;font:600 12px/1.4 var(--sans);letter-spacing:.02em}
        .said .stamp{color:#f09088}
        .across{position:fixed;inset:0;z-index:5;display:grid;place-items:center;pointer-events:none;overflow:hidden}
        .across span{font:700 min(11.5vw,20vh)/1 var(--sans);letter-spacing:.04em;white-space:nowrap;transform:rotate(-32deg);
        color:rgba(205,60,48,.4);-webkit-text-stroke:1px rgba(255,255,255,.4)}
        .stage .across{position:absolute}
        @media(max-width:759px){.across span{font-size:min(15vw,20vh)}}
        @media print{.across span{-webkit-print-color-adjust:exact;print-color-adjust:exact}}

        """
}
