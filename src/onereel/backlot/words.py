"""Words for everything that a script can hold and that has no words of its own, English and Chinese.

- acts, sets, kinds and moods keep their words beside their entries (acts.py, sets.py, people.py,
  music.py); times, weathers, clothes, hair, cameras, surfaces and sounds have theirs here
- several wordings each: captions draw one, so that free wording is understood
- a name without words fails a test

In clothes, {c} is the colour and {d} the second colour. Called from english.py and chinese.py.
"""

Words = tuple[str, ...]

TIMES_EN: dict[str, Words] = {
    "dawn": ("at dawn", "in the early morning", "at sunrise", "in the soft morning light",
             "as the sun comes up"),
    "day": ("in daylight", "during the day", "on a bright day", "at midday", "in the daytime"),
    "dusk": ("at dusk", "at sunset", "in the evening light", "at golden hour", "as the sun sets"),
    "night": ("at night", "under the night sky", "late at night", "after dark", "in the moonlight"),
}  # fmt: skip
TIMES_ZH: dict[str, Words] = {
    "dawn": ("黎明", "清晨", "日出时分", "天刚亮", "拂晓"),
    "day": ("白天", "明亮的白天", "大白天", "中午", "阳光下"),
    "dusk": ("黄昏", "傍晚", "日落时分", "夕阳下", "太阳落山时"),
    "night": ("夜晚", "夜里", "深夜", "夜色中", "晚上"),
}
WEATHER_EN: dict[str, Words] = {
    "clear": ("in clear weather", "under a clear sky", "with calm clear air", "in fine weather"),
    "rain": ("while rain is falling", "in the rain", "in steady rain", "as it rains", "with raindrops coming down"),
    "snow": ("while snow is falling", "in the snow", "in soft snowfall", "as it snows", "with snowflakes drifting down"),
    "fog": ("in the fog", "in thick mist", "wrapped in fog", "as mist drifts by", "in hazy air"),
    "wind": ("in a strong wind", "on a windy day", "as the wind blows hard", "in gusty wind"),
    "petals": ("as petals drift by", "among falling petals", "while blossoms float down", "in a rain of petals"),
}  # fmt: skip
WEATHER_ZH: dict[str, Words] = {
    "clear": ("天气晴朗", "天空清澈", "天气很好", "晴空万里"),
    "rain": ("下着雨", "正在下雨", "雨水落下", "细雨纷纷", "雨中"),
    "snow": ("下着雪", "正在下雪", "雪花飘落", "大雪纷飞", "雪中"),
    "fog": ("雾气弥漫", "大雾之中", "薄雾笼罩", "雾蒙蒙的"),
    "wind": ("刮着大风", "狂风吹过", "风很大", "大风天"),
    "petals": ("花瓣飘落", "落花纷飞", "漫天花瓣", "花瓣随风飞舞"),
}
STYLES_EN: dict[str, Words] = {
    "shaded": ("polished animated short", "soft shaded animation", "modern cartoon style", "animated film look",
               "smooth shaded cartoon"),
    "paper": ("paper cut-out style", "cut-paper animation", "layered paper style", "papercraft animation"),
    "ink": ("ink wash painting style", "ink-and-brush style", "Chinese ink animation", "sumi ink look"),
}  # fmt: skip
STYLES_ZH: dict[str, Words] = {
    "shaded": ("动画短片风格", "柔和的渐变动画", "现代卡通风格", "精致的动画质感"),
    "paper": ("剪纸风格", "纸艺动画", "层叠剪纸风", "纸片拼贴动画"),
    "ink": ("水墨风格", "水墨动画", "国画水墨质感", "毛笔水墨风"),
}

COLOURS_EN: dict[str, Words] = {
    "red": ("red", "bright red", "crimson"), "orange": ("orange", "bright orange"),
    "yellow": ("yellow", "golden yellow"), "green": ("green", "emerald green"),
    "blue": ("blue", "bright blue"), "purple": ("purple", "violet"),
    "pink": ("pink", "rose pink"), "white": ("white", "plain white"),
}  # fmt: skip
COLOURS_ZH: dict[str, Words] = {
    "red": ("红色", "大红色", "鲜红色"), "orange": ("橙色", "橘色"), "yellow": ("黄色", "金黄色"),
    "green": ("绿色", "翠绿色"), "blue": ("蓝色", "天蓝色"), "purple": ("紫色", "紫罗兰色"),
    "pink": ("粉色", "粉红色"), "white": ("白色", "纯白色"),
}  # fmt: skip
OUTFITS_EN: dict[str, Words] = {
    "tee": ("a {c} t-shirt", "a {c} tee", "a {c} shirt"),
    "shorts": ("a {c} shirt and shorts", "a {c} t-shirt and shorts", "a {c} summer outfit"),
    "jacket": ("a {c} jacket", "a short {c} jacket", "a zipped {c} jacket"),
    "hoodie": ("a {c} hoodie", "a hooded {c} sweatshirt", "a {c} hooded top"),
    "coat": ("a {c} coat", "a long {c} coat", "a {c} overcoat"),
    "suit": ("a {c} suit", "a smart {c} suit", "a {c} suit and tie"),
    "overalls": ("{c} overalls", "{c} dungarees", "{c} bib overalls"),
    "sweater": ("a {c} sweater", "a knitted {c} sweater", "a {c} pullover"),
    "robe": ("a {c} robe", "a long {c} robe", "a flowing {c} robe"),
    "hanfu": ("a {c} hanfu", "a {c} hanfu dress with wide sleeves", "a wide-sleeved {c} hanfu"),
    "armour": ("{c} armour", "a suit of {c} armour", "{c} battle armour"),
    "martial": ("a {c} martial arts uniform", "{c} kung fu clothes", "a {c} kung fu uniform"),
    "school": ("a {c} school uniform", "{c} school clothes", "a neat {c} school uniform"),
    "dress": ("a {c} dress", "a {c} frock", "a swinging {c} dress"),
    "dance": ("a {c} dance costume", "a flowing {c} dance dress", "a {c} dancing outfit"),
    "work": ("{c} work clothes", "{c} workwear", "a {c} work outfit"),
    "robot": ("{c} body panels", "{c} plating", "a {c} metal shell"),
    "collar": ("a {c} collar",),
    "feathers": ("{c} feathers",),
    "saddle": ("a {c} saddle", "a {c} saddle blanket"),
}  # fmt: skip
OUTFITS_ZH: dict[str, Words] = {
    "tee": ("{c}T恤", "{c}短袖", "{c}上衣"),
    "shorts": ("{c}短袖和短裤", "{c}T恤短裤", "{c}夏装"),
    "jacket": ("{c}外套", "{c}夹克", "{c}短外套"),
    "hoodie": ("{c}卫衣", "{c}连帽衫", "{c}帽衫"),
    "coat": ("{c}大衣", "{c}长外套", "{c}风衣"),
    "suit": ("{c}西装", "{c}西服", "{c}正装"),
    "overalls": ("{c}背带裤", "{c}工装背带裤", "{c}吊带裤"),
    "sweater": ("{c}毛衣", "{c}针织衫", "{c}套头毛衣"),
    "robe": ("{c}长袍", "{c}袍子", "{c}宽大的长袍"),
    "hanfu": ("{c}汉服", "{c}广袖汉服", "{c}古装汉服"),
    "armour": ("{c}盔甲", "{c}铠甲", "{c}战甲"),
    "martial": ("{c}功夫服", "{c}练功服", "{c}武术服"),
    "school": ("{c}校服", "{c}学生装", "{c}学生制服"),
    "dress": ("{c}连衣裙", "{c}裙子", "{c}长裙"),
    "dance": ("{c}舞裙", "{c}舞蹈服", "{c}演出服"),
    "work": ("{c}工作服", "{c}工装", "{c}劳动服"),
    "robot": ("{c}外壳", "{c}机身", "{c}金属外壳"),
    "collar": ("{c}项圈",),
    "feathers": ("{c}羽毛",),
    "saddle": ("{c}马鞍", "{c}鞍垫"),
}
ACCESSORIES_EN: dict[str, Words] = {
    "glasses": ("glasses", "round glasses", "spectacles"), "scarf": ("a scarf", "a knitted scarf"),
    "hat": ("a hat", "a brimmed hat"), "backpack": ("a backpack", "a rucksack"),
    "headband": ("a headband", "a tied headband"), "cape": ("a cape", "a short cape"),
    "earrings": ("earrings",), "flower": ("a flower in the hair",), "beard": ("a beard", "a long beard"),
    "crown": ("a crown",), "sash": ("a sash",), "cap": ("a cap", "a baseball cap"),
    "headphones": ("headphones",), "straw hat": ("a straw hat",), "mask": ("a mask",),
}  # fmt: skip
ACCESSORIES_ZH: dict[str, Words] = {
    "glasses": ("戴着眼镜", "戴圆框眼镜"), "scarf": ("围着围巾", "系着围巾"), "hat": ("戴着帽子", "戴一顶帽子"),
    "backpack": ("背着背包", "背着双肩包"), "headband": ("扎着头带", "系着头带"), "cape": ("披着披风", "披着短斗篷"),
    "earrings": ("戴着耳环",), "flower": ("头上插着花",), "beard": ("留着胡子",), "crown": ("戴着王冠",),
    "sash": ("系着腰带",), "cap": ("戴着鸭舌帽", "戴着棒球帽"), "headphones": ("戴着耳机",),
    "straw hat": ("戴着草帽",), "mask": ("戴着面具",),
}  # fmt: skip
HAIR_EN: dict[str, Words] = {
    "short": ("short {h} hair", "neat {h} hair"), "spiky": ("spiky {h} hair", "{h} hair standing up"),
    "curly": ("curly {h} hair", "{h} curls"), "bowl": ("a {h} bowl cut", "{h} hair in a bowl cut"),
    "swept": ("swept-back {h} hair", "{h} hair combed back"), "buzz": ("a {h} buzz cut", "cropped {h} hair"),
    "topknot": ("a {h} topknot", "{h} hair in a topknot"), "bald": ("a bald head", "hardly any hair"),
    "long": ("long {h} hair", "{h} hair falling down the back"), "ponytail": ("a {h} ponytail", "{h} hair in a ponytail"),
    "bun": ("a {h} bun", "{h} hair in a bun"), "buns": ("two {h} buns", "{h} hair in twin buns"),
    "bob": ("a {h} bob", "bobbed {h} hair"), "braids": ("two {h} braids", "{h} hair in two braids"),
    "braid": ("a {h} braid", "a long {h} braid"), "wavy": ("wavy {h} hair", "long {h} waves"),
    "afro": ("a {h} afro", "a round {h} afro"), "pigtails": ("{h} pigtails", "{h} hair in pigtails"),
}  # fmt: skip
HAIR_ZH: dict[str, Words] = {
    "short": ("{h}短发", "{h}的短头发"), "spiky": ("{h}刺猬头", "{h}的竖起的头发"), "curly": ("{h}卷发", "{h}的卷曲头发"),
    "bowl": ("{h}蘑菇头", "{h}锅盖头"), "swept": ("{h}背头", "{h}向后梳的头发"), "buzz": ("{h}寸头", "{h}平头"),
    "topknot": ("{h}束发", "{h}的头顶发髻"), "bald": ("光头", "稀疏的头发"), "long": ("{h}长发", "{h}的披肩长发"),
    "ponytail": ("{h}马尾辫", "{h}马尾"), "bun": ("{h}发髻", "{h}的盘发"), "buns": ("{h}丸子头", "{h}的双丸子头"),
    "bob": ("{h}波波头", "{h}齐耳短发"), "braids": ("{h}双麻花辫", "两条{h}辫子"), "braid": ("{h}麻花辫", "一条{h}长辫子"),
    "wavy": ("{h}波浪长发", "{h}大波浪"), "afro": ("{h}爆炸头", "{h}圆蓬蓬的卷发"), "pigtails": ("{h}双马尾", "{h}羊角辫"),
}  # fmt: skip
HAIR_COLOURS_ZH = {
    "black": "黑色", "brown": "棕色", "blond": "金色", "red": "红棕色", "white": "白色", "grey": "灰色",
}  # fmt: skip
FUR_EN = {"black": "black", "brown": "brown", "blond": "golden", "white": "white", "grey": "grey", "red": "reddish"}
FUR_ZH = {"black": "黑色", "brown": "棕色", "blond": "金色", "white": "白色", "grey": "灰色", "red": "红棕色"}

CAMERA_EN: dict[str, Words] = {
    "static": ("static camera", "a fixed camera", "the camera holds still", "locked-off shot", "the camera does not move"),
    "pan": ("slow pan", "the camera pans slowly", "the camera turns sideways", "a gentle panning shot"),
    "tilt": ("tilt shot", "the camera tilts", "the camera tilts slowly upwards", "a slow tilt"),
    "push-in": ("slow push-in", "the camera pushes in", "the camera moves closer", "dolly in"),
    "pull-out": ("slow pull-out", "the camera pulls back", "the camera moves away", "dolly out"),
    "follow": ("tracking shot", "the camera follows", "the camera moves along", "a following camera"),
    "handheld": ("handheld camera", "slightly shaky handheld camera", "the camera sways a little in the hand"),
    "crane": ("crane shot", "the camera rises on a crane", "the camera lifts up and looks down", "a sweeping crane move"),
    "whip": ("whip pan", "a fast whip pan", "the camera whips across", "the camera swings over quickly"),
    "zoom": ("zoom in", "the lens zooms in", "a quick zoom", "the camera zooms closer"),
}  # fmt: skip
CAMERA_ZH: dict[str, Words] = {
    "static": ("固定镜头", "镜头静止", "机位不动", "镜头保持不动"), "pan": ("镜头缓慢横摇", "缓缓摇镜", "横摇镜头", "镜头左右摇动"),
    "tilt": ("镜头缓缓上摇", "俯仰镜头", "镜头上下摇动", "竖摇镜头"), "push-in": ("镜头缓缓推近", "推镜头", "镜头慢慢靠近", "向前推进"),
    "pull-out": ("镜头缓缓拉远", "拉镜头", "镜头慢慢后退", "向后拉开"), "follow": ("镜头跟随", "跟拍镜头", "镜头一路跟着", "跟踪拍摄"),
    "handheld": ("轻微手持晃动", "手持镜头", "手持拍摄", "镜头微微晃动"), "crane": ("升降镜头", "镜头升起俯瞰", "摇臂镜头", "镜头缓缓升高"),
    "whip": ("快速甩镜", "甩镜头", "镜头猛地甩过去", "急摇镜头"), "zoom": ("变焦推近", "镜头变焦放大", "快速变焦", "拉近焦距"),
}  # fmt: skip
SIZES_EN: dict[str, Words] = {
    "wide": ("wide shot", "long shot", "distant wide view"), "full": ("full shot", "full-body shot", "head-to-toe shot"),
    "medium": ("medium shot", "waist-up shot", "mid shot"), "close": ("close-up", "close-up shot", "tight shot of the face"),
}  # fmt: skip
SIZES_ZH: dict[str, Words] = {
    "wide": ("远景", "大全景", "宽阔的远景"), "full": ("全景", "全身镜头", "全身景别"),
    "medium": ("中景", "半身镜头", "中近景"), "close": ("特写", "近景特写", "面部特写"),
}  # fmt: skip

STEPS_EN: dict[str, Words] = {
    "stone": ("footsteps on stone", "shoes clicking on stone slabs"), "concrete": ("footsteps on concrete", "steps on hard pavement"),
    "wood": ("footsteps on a wooden floor", "steps knocking on wood"), "grass": ("soft footsteps on grass", "steps rustling through grass"),
    "sand": ("footsteps in the sand", "sand crunching softly underfoot"), "snow": ("footsteps crunching in the snow", "snow squeaking underfoot"),
    "metal": ("footsteps ringing on metal", "metallic steps"), "tile": ("footsteps on tiles", "heels tapping on tiles"),
    "gravel": ("footsteps crunching on gravel", "gravel underfoot"), "water": ("splashing steps", "steps in shallow water"),
    "carpet": ("muffled footsteps on carpet", "soft steps on carpet"), "earth": ("footsteps on packed earth", "dull steps on the ground"),
}  # fmt: skip
STEPS_ZH: dict[str, Words] = {
    "stone": ("石板上的脚步声", "踩在石头上的脚步声"), "concrete": ("水泥地上的脚步声", "硬地面上的脚步声"), "wood": ("木地板上的脚步声", "踩木板的咚咚声"),
    "grass": ("草地上的脚步声", "踩过草丛的沙沙声"), "sand": ("沙滩上的脚步声", "踩沙子的沙沙声"), "snow": ("踩雪的脚步声", "踩雪的咯吱声"),
    "metal": ("金属地板上的脚步声", "踩在金属上的脚步声"), "tile": ("瓷砖上的脚步声", "清脆的瓷砖脚步声"), "gravel": ("碎石上的脚步声", "踩碎石的声音"),
    "water": ("踩水的声音", "水花四溅的脚步声"), "carpet": ("地毯上的轻轻脚步声", "闷闷的脚步声"), "earth": ("泥地上的脚步声", "踩在土地上的脚步声"),
}  # fmt: skip
CONTACTS_EN: dict[str, Words] = {
    "land": ("landing thuds", "the thump of a landing"), "slide": ("a sliding scrape",), "jump": ("a quick push-off",),
    "clap": ("clapping", "handclaps"), "hit": ("whooshes and hits", "swishing blows"), "punch": ("punches landing", "the smack of fists"),
    "block": ("blocks knocking against arms", "dull blocks"), "kick": ("heavy kicks", "kicks landing"), "fall": ("a body falling", "a heavy thud"),
    "ball": ("a bouncing ball", "ball bounces"), "catch": ("a ball smacking into hands", "a catch"), "throw": ("a swishing throw",),
    "drum": ("drum beats", "a booming drum"), "gong": ("a gong",), "sword": ("ringing swords", "clashing steel"),
    "staff": ("knocking wooden staffs",), "door": ("a door closing",), "splash": ("splashing water",), "cup": ("clinking cups", "a cup set down"),
    "cart": ("a rattling cart", "rumbling cart wheels"), "lantern": ("a lantern creaking",), "fan": ("a fan snapping open",), "bell": ("a ringing bell",),
    "kneel": ("a knee touching the ground",), "bark": ("barking", "a dog's bark"), "meow": ("meowing", "a cat's meow"),
    "growl": ("growling",), "purr": ("purring",), "snort": ("a snorting horse",), "tweet": ("chirping", "a chirping bird"),
    "neigh": ("neighing", "a horse's neigh"), "hoof": ("hoofbeats", "clopping hooves"), "umbrella": ("an umbrella opening",),
    "book": ("a book closing",), "cloth": ("rustling cloth",), "chair": ("a creaking chair", "a chair taking weight"),
}  # fmt: skip
CONTACTS_ZH: dict[str, Words] = {
    "land": ("落地声", "落地的闷响"), "slide": ("滑过地面的声音",), "jump": ("起跳声",), "clap": ("拍手声", "掌声"),
    "hit": ("呼呼的出招声", "击打声"), "punch": ("拳头击中的声音", "重拳声"), "block": ("格挡的碰撞声",), "kick": ("踢中的声音", "沉重的踢击声"),
    "fall": ("摔倒的声音", "倒地的闷响"), "ball": ("球弹跳的声音", "拍球声"), "catch": ("接球的声音",), "throw": ("抛出的呼声",),
    "drum": ("鼓声", "咚咚的鼓点"), "gong": ("锣声",), "sword": ("刀剑碰撞声", "金属撞击声"), "staff": ("木棍相击声",), "door": ("关门声",),
    "splash": ("溅水声",), "cup": ("杯子的叮当声", "放下杯子的声音"), "cart": ("车轮声", "推车的咕噜声"), "lantern": ("灯笼晃动声",), "fan": ("折扇打开的声音",),
    "bell": ("铃声",), "kneel": ("膝盖触地声",), "bark": ("狗叫声", "汪汪声"), "meow": ("猫叫声", "喵喵声"), "growl": ("低吼声",), "purr": ("呼噜声",),
    "snort": ("马的鼻息声",), "tweet": ("啾啾声", "小鸟的叫声"), "neigh": ("马嘶声", "马的嘶鸣"), "hoof": ("马蹄声", "嗒嗒的蹄声"), "umbrella": ("撑伞的声音",),
    "book": ("合上书的声音",), "cloth": ("衣料摩擦声",), "chair": ("椅子的吱呀声",),
}  # fmt: skip
AMBIENCE_EN: dict[str, Words] = {
    "wind": ("wind", "a breeze", "blowing wind"), "birds": ("birdsong", "birds singing"), "city": ("city hum", "distant traffic"),
    "waves": ("sea waves", "waves rolling in"), "leaves": ("rustling leaves", "leaves in the breeze"), "room": ("quiet room tone", "a ticking clock"),
    "crowd": ("murmuring crowd", "many voices"), "market": ("market bustle", "market chatter"), "insects": ("night insects", "crickets"),
    "engine": ("engine rumble", "a humming ship"), "fire": ("a crackling fire",), "stream": ("a babbling stream", "running water"),
    "gulls": ("seagulls",), "harbour": ("lapping water and creaking boats", "harbour sounds"), "kitchen": ("kitchen sizzle and clinking", "a sizzling pan"),
    "classroom": ("classroom murmur", "soft classroom noise"), "stage": ("a hushed audience", "a waiting audience"), "desert": ("desert wind", "wind over sand"),
    "forest": ("forest birds and leaves", "woodland sounds"), "temple": ("wind chimes", "temple chimes"), 
    "rain": ("rain", "pattering rain"), "snow": ("hushed snowfall", "a soft winter hush"), "fog": ("a muffled hush", "still foggy air"), "gale": ("howling wind", "strong gusts"),
}  # fmt: skip
AMBIENCE_ZH: dict[str, Words] = {
    "wind": ("风声", "微风声", "呼呼的风声"), "birds": ("鸟鸣", "鸟叫声"), "city": ("城市的嗡鸣", "远处的车流声"), "waves": ("海浪声", "浪花拍岸声"),
    "leaves": ("树叶沙沙声", "风吹叶子的声音"), "room": ("安静的室内声", "滴答的钟声"), "crowd": ("人群的嘈杂声", "众人的说话声"), "market": ("集市的喧闹声", "叫卖声"),
    "insects": ("夜里的虫鸣", "蟋蟀声"), "engine": ("引擎的低鸣", "飞船的嗡嗡声"), "fire": ("火焰噼啪声",), "stream": ("溪流声", "潺潺流水声"), "gulls": ("海鸥声",),
    "harbour": ("水拍船身的声音", "港口的声音"), "kitchen": ("厨房的滋滋声和碰杯声", "煎炒声"), "classroom": ("教室里的低语声", "教室的杂音"), "stage": ("观众的低语", "台下的轻声"),
    "desert": ("沙漠的风声", "风吹沙子的声音"), "forest": ("林间鸟鸣和树叶声", "森林的声音"), "temple": ("风铃声", "檐下铃声"), 
    "rain": ("雨声", "淅沥的雨声"), "snow": ("静静的落雪声", "冬日的寂静"), "fog": ("雾中的寂静", "沉闷的雾气声"), "gale": ("呼啸的狂风", "阵阵大风"),
}  # fmt: skip

# How a place is entered: by the first of these that its words contain, else "in" and 里.
AT_EN = (("among", ""), ("seaside", "at"), ("courtyard", "in"), ("dunes", "in"), ("harbour", "in"), ("pier", "on"), ("quay", "on"),
         ("bridge", "on"), ("street", "on"), ("beach", "on"), ("rooftop", "on"), ("roof of", "on"), ("mountain", "on"), ("snowfield", "on"),
         ("stage", "on"), ("deck", "on"))  # fmt: skip
AT_ZH = (("码头", "上"), ("舰桥", "上"), ("庭院", "里"), ("宫", "里"), ("港", "里"), ("街", "上"), ("草", "上"), ("滩", "上"), ("屋顶", "上"), ("天台", "上"),
         ("山", "上"), ("雪原", "上"), ("舞台", "上"), ("甲板", "上"))  # fmt: skip
# Chinese words that already say where in the place.
ENDS_ZH = "边下上中里内处外旁前间部"
PLURALS = {
    "man": "men", "woman": "women", "guy": "guys", "lady": "ladies", "puppy": "puppies", "kitty": "kitties", "pony": "ponies",
}  # fmt: skip
PRONOUNS = {"m": ("he", "his"), "f": ("she", "her"), "": ("it", "its")}
LANGUAGES_EN = {"en": "English", "zh": "Mandarin"}
LANGUAGES_ZH = {"en": "英语", "zh": "普通话"}

# References as users name them; {n} counts from 1 within its type.
PICTURES_EN: Words = ("@Image{n}", "Image {n}", "[Image{n}]", "@Image {n}", "image {n}")
PICTURES_ZH: Words = ("@图片{n}", "图片{n}", "@图{n}", "【图片{n}】", "@Image{n}")
CLIPS_EN: Words = ("@Video{n}", "Video {n}", "[Video{n}]", "@Video {n}", "video {n}")
CLIPS_ZH: Words = ("@视频{n}", "视频{n}", "【视频{n}】", "@Video{n}")
RECORDINGS_EN: Words = ("@Audio{n}", "Audio {n}", "[Audio{n}]", "@Audio {n}", "audio {n}")
RECORDINGS_ZH: Words = ("@音频{n}", "音频{n}", "【音频{n}】", "@Audio{n}")
