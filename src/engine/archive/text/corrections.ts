/**
 * Characters that PostgreSQL knows otherwise than TextDecoder, or that only one of them knows: bytes in hexadecimal, then
 * the character. Found by reading every character of a real server.
 */
export const CORRECTIONS: Record<string, string> = {
  EUC_JP:
    '8ff3f3ⅰ 8ff3f4ⅱ 8ff3f5ⅲ 8ff3f6ⅳ 8ff3f7ⅴ 8ff3f8ⅵ 8ff3f9ⅶ 8ff3faⅷ 8ff3fbⅸ 8ff3fcⅹ 8ff4af仼 ' +
    '8ff4b0僴 8ff4b1凬 8ff4b2匇 8ff4b3匤 8ff4b5咊 8ff4b6坙 8ff4b9增 8ff4ba寬 8ff4bb峵 8ff4bc嵓 8ff4be德 ' +
    '8ff4bf悅 8ff4c0愠 8ff4c1敎 8ff4c2昻 8ff4c3晥 8ff4c6栁 8ff4c9橫 8ff4ca櫢 8ff4cc淲 8ff4cb淸 8ff4cd瀨 ' +
    '8ff4ae炻 8ff4d0甁 8ff4d1皂 8ff4d2皞 8ff4d4礰 8ff4d9竧 8ff4dc綠 8ff4dd緖 8ff4df荢 8ff4e1薰 8ff4e4蠇 ' +
    '8ff4e6譿 8ff4e7賴 8ff4e8赶 8ff4ec郞 8ff4ee鄕 8ff4f1閒 8ff4f4霻 8ff4f5靍 8ff4f6靑 8ff4fa馞 8ff4fb髙 ' +
    '8ff4fc魲 8ff4fe黑 8ff4c5朗 8ff4f2隆 8ff4b4﨎 8ff4b7﨏 8ff4b8塚 8ff4bd﨑 8ff4c4晴 8ff4c7﨓 8ff4c8﨔 ' +
    '8ff4ce凞 8ff4cf猪 8ff4d3益 8ff4d5礼 8ff4d6神 8ff4d7祥 8ff4d8福 8ff4da靖 8ff4db精 8ff4de羽 8ff4e0﨟 ' +
    '8ff4e2蘒 8ff4e3﨡 8ff4e5諸 8ff4e9﨣 8ff4ea﨤 8ff4eb逸 8ff4ed都 8ff4ef﨧 8ff4f0﨨 8ff4f3﨩 8ff4f7飯 ' +
    '8ff4f8飼 8ff4f9館 8ff4fd鶴 8ff4aa＂ 8ff4a9＇ 8fa2c3￤',
  EUC_KR: 'a2e7® a2e6€ a2e8㉾',
  EUC_CN: 'a1aa― a1a4・',
  BIG5:
    'a246¢ a247£ a244¥ c7b3Ё c7b1Д c7b2Е c7b4Ж c7b5З c7b6И c7b7Й c7b8К c7b9Л c7baМ c7bbУ ' +
    'c7bcФ c7bdХ c7beЦ c7bfЧ c7c0Ш c7c1Щ c7c2Ъ c7c3Ы c7c4Ь c7c5Э c7c6Ю c7c7Я c7c8а c7c9б ' +
    'c7caв c7cbг c7ccд c7cdе c7cfж c7d0з c7d1и c7d2й c7d3к c7d4л c7d5м c7d6н c7d7о c7d8п ' +
    'c7d9р c7daс c7dbт c7dcу c7ddф c7deх c7dfц c7e0ч c7e1ш c7e2щ c7e3ъ c7e4ы c7e5ь c7e6э ' +
    'c7e7ю c7e8я c7ceё a145• a1c2‾ a1e3∼ c7e9① c7ea② c7eb③ c7ec④ c7ed⑤ c7ee⑥ c7ef⑦ c7f0⑧ ' +
    'c7f1⑨ c7f2⑩ c7f3⑴ c7f4⑵ c7f5⑶ c7f6⑷ c7f7⑸ c7f8⑹ c7f9⑺ c7fa⑻ c7fb⑼ c7fc⑽ a1f3☉ a1f2♁ ' +
    'c6a4々 c6a5ぁ c6a6あ c6a7ぃ c6a8い c6a9ぅ c6aaう c6abぇ c6acえ c6adぉ c6aeお c6afか c6b0が c6b1き ' +
    'c6b2ぎ c6b3く c6b4ぐ c6b5け c6b6げ c6b7こ c6b8ご c6b9さ c6baざ c6bbし c6bcじ c6bdす c6beず c6bfせ ' +
    'c6c0ぜ c6c1そ c6c2ぞ c6c3た c6c4だ c6c5ち c6c6ぢ c6c7っ c6c8つ c6c9づ c6caて c6cbで c6ccと c6cdど ' +
    'c6ceな c6cfに c6d0ぬ c6d1ね c6d2の c6d3は c6d4ば c6d5ぱ c6d6ひ c6d7び c6d8ぴ c6d9ふ c6daぶ c6dbぷ ' +
    'c6dcへ c6ddべ c6deぺ c6dfほ c6e0ぼ c6e1ぽ c6e2ま c6e3み c6e4む c6e5め c6e6も c6e7ゃ c6e8や c6e9ゅ ' +
    'c6eaゆ c6ebょ c6ecよ c6edら c6eeり c6efる c6f0れ c6f1ろ c6f2ゎ c6f3わ c6f4ゐ c6f5ゑ c6f6を c6f7ん ' +
    'c6a2ゝ c6a3ゞ c6f8ァ c6f9ア c6faィ c6fbイ c6fcゥ c6fdウ c6feェ c740エ c741ォ c742オ c743カ c744ガ ' +
    'c745キ c746ギ c747ク c748グ c749ケ c74aゲ c74bコ c74cゴ c74dサ c74eザ c74fシ c750ジ c751ス c752ズ ' +
    'c753セ c754ゼ c755ソ c756ゾ c757タ c758ダ c759チ c75aヂ c75bッ c75cツ c75dヅ c75eテ c75fデ c760ト ' +
    'c761ド c762ナ c763ニ c764ヌ c765ネ c766ノ c767ハ c768バ c769パ c76aヒ c76bビ c76cピ c76dフ c76eブ ' +
    'c76fプ c770ヘ c771ベ c772ペ c773ホ c774ボ c775ポ c776マ c777ミ c778ム c779メ c77aモ c77bャ c77cヤ ' +
    'c77dュ c77eユ c7a1ョ c7a2ヨ c7a3ラ c7a4リ c7a5ル c7a6レ c7a7ロ c7a8ヮ c7a9ワ c7aaヰ c7abヱ c7acヲ ' +
    'c7adン c7aeヴ c7afヵ c7b0ヶ c6a1ヾ a241／ a242＼ a14e､ a15a�',
};
